import {describe, expect, it} from "vitest"
import type {MeshProfileSpec} from "../../../crds/generated.ts"
import type {Deployment} from "../../../profiles/snapshot/shapes.ts"
import {policy} from "../../../profiles/testing/builders.ts"
import {controlPlanes, workload} from "../../plan/testing/cluster.ts"
import {meshProfile} from "../../plan/testing/profile.ts"
import type {BindingStatus, Migration} from "./record.ts"
import {nextStatus} from "./status.ts"
import type {SimCluster} from "./testing/cluster.ts"
import {observed, reconcile} from "./testing/reconcile.ts"
import {profileOf, type Scene, scene, shop} from "./testing/scenes.ts"

const now = Date.parse("2026-01-01T00:00:00Z")

type Case = {
	readonly scene?: Partial<Scene>
	readonly change?: (cluster: SimCluster) => void
	readonly binding?: object
	readonly migration?: Migration
}

/** The status of a binding as it stands when the operator looks and has not acted yet. */
function statusOf({scene: given = {}, change, binding = {}, migration}: Case): BindingStatus {
	const cluster = scene({mode: "Sidecar", ...given})
	cluster.put({
		apiVersion: "heddle.dev/v1alpha1",
		kind: "MeshBinding",
		metadata: {name: "mesh", namespace: shop, generation: 3, labels: {"heddle.dev/profile": "payments"}},
		...{spec: binding},
	})
	change?.(cluster)
	const status = migration === undefined ? {} : {migration}
	return nextStatus(observed({cluster, namespace: shop}, status), status, now)
}

const brief = ({conditions = []}: BindingStatus): readonly string[] =>
	conditions.map(({type, status, reason}) => `${type} ${status} ${reason}`)
const message = (status: BindingStatus, type = "Ready"): string =>
	status.conditions?.find((one) => one.type === type)?.message ?? ""

const running = (state: Migration["state"], more: Partial<Migration> = {}): Migration => ({
	id: "m1",
	state,
	from: "none",
	to: "istio-sidecar",
	steps: [],
	...more,
})
const settled = {
	workloads: [{kind: "Deployment", name: "cart", on: "istio-sidecar"}],
	labels: {"istio-injection": "enabled"},
} as const
const declared = {
	template: {metadata: {labels: {"sidecar.istio.io/inject": "true", "istio.io/dataplane-mode": "none"}}},
}
const canary = policy("HTTPRoute", "cart", {
	parentRefs: [{group: "", kind: "Service", name: "cart"}],
	rules: [{matches: [{headers: [{name: "x", value: "1"}]}], backendRefs: [{name: "cart", port: 80}]}],
})
const manual = (spec: Partial<MeshProfileSpec> = {}): Partial<MeshProfileSpec> => ({
	...spec,
	migration: {approval: "Manual"},
})
function breakIstiod(cluster: SimCluster): void {
	for (const one of controlPlanes["istio-broken"]()) cluster.put(one)
}
function uninstall(cluster: SimCluster): void {
	for (const one of controlPlanes.istio()) if (one.kind !== "Namespace") cluster.remove(one)
}
const without = (kind: string) => (cluster: SimCluster) => {
	for (const one of cluster.objects) if (one.kind === kind) cluster.remove(one)
}

describe("the line that kubectl get shows", () => {
	const cases: readonly (readonly [string, Case, string, string, "Reconciling" | "Stalled" | ""])[] = [
		["up to date", {scene: settled}, "True UpToDate", "on istio-sidecar", ""],
		[
			"scaled to zero, its last pod still running elsewhere",
			{
				scene: settled,
				change: (cluster) => {
					for (const one of workload({kind: "Deployment", name: "old", on: "none", options: declared}))
						cluster.put(
							one.kind === "Deployment"
								? ({...one, spec: {...(one as Deployment).spec, replicas: 0}} as typeof one)
								: one,
						)
				},
			},
			"False NotEnrolled",
			"pod old-5d-0 still runs on none",
			"Stalled",
		],
		["about to start", {}, "False Migrating", "about to start", "Reconciling"],
		[
			"running",
			{migration: running("Running")},
			"False Migrating",
			"going from none to istio-sidecar",
			"Reconciling",
		],
		[
			"running, with a word",
			{migration: running("Running", {message: "cart: 1 of 2"})},
			"False Migrating",
			"cart: 1 of 2",
			"Reconciling",
		],
		[
			"holding",
			{migration: running("Holding", {message: "the MeshProfile is paused"})},
			"False Holding",
			"the MeshProfile is paused",
			"Stalled",
		],
		["rolling back", {migration: running("RollingBack")}, "False RollingBack", "going back", "Reconciling"],
		[
			"rolled back",
			{migration: running("RolledBack", {message: "back on none"})},
			"False RolledBack",
			"back on none; change the MeshProfile",
			"Stalled",
		],
		[
			"at Previous",
			{binding: {target: "Previous"}, migration: running("RolledBack")},
			"False RolledBack",
			"as spec.target asks; set it to Desired",
			"Stalled",
		],
		["paused", {scene: {spec: {paused: true}}}, "False Paused", "the MeshProfile is paused", "Stalled"],
		["held", {binding: {hold: true}}, "False Held", "spec.hold", "Stalled"],
		["not approved", {scene: {spec: manual()}}, "False AwaitingApproval", "spec.approved to 1", "Stalled"],
		[
			"approved",
			{scene: {spec: manual()}, binding: {approved: 1}},
			"False Migrating",
			"about to start",
			"Reconciling",
		],
		["refused", {change: breakIstiod}, "False Blocked", "ControlPlaneUnhealthy: ", "Stalled"],
		[
			"not accepted",
			{scene: {mode: "Sidecarless", objects: [canary]}},
			"False NeedsAcceptance",
			"WaypointOrderUnproven: ",
			"Stalled",
		],
		[
			"accepted by the owner of the namespace",
			{scene: {mode: "Sidecarless", objects: [canary]}, binding: {accept: ["WaypointOrderUnproven"]}},
			"False Migrating",
			"about to start",
			"Reconciling",
		],
		[
			"left to people",
			{
				scene: {
					...settled,
					workloads: [
						{
							kind: "Deployment",
							name: "old",
							on: "none",
							options: {
								paused: true,
								template: {
									metadata: {labels: {"sidecar.istio.io/inject": "true", "istio.io/dataplane-mode": "none"}},
								},
							},
						},
					],
				},
			},
			"False NotEnrolled",
			"left to the owners: Deployment/shop/old",
			"Stalled",
		],
		[
			"no profile any more",
			{change: without("MeshProfile")},
			"False Unselected",
			"no profile selects the namespace",
			"Stalled",
		],
		[
			"going back, no profile any more",
			{change: without("MeshProfile"), migration: running("RollingBack", {message: "cart: 1 of 2"})},
			"False RollingBack",
			"cart: 1 of 2",
			"Reconciling",
		],
	]
	it.each(cases)("%s", (...[, given, ready, says, progress]) => {
		const status = statusOf(given)
		expect(brief(status)).toContain(`Ready ${ready}`)
		expect(message(status)).toContain(says)
		const also = (status.conditions ?? []).filter(({type}) => type === "Reconciling" || type === "Stalled")
		expect(also.map(({type}) => type).join()).toBe(progress)
	})
})

describe("the other conditions", () => {
	it("all stand there from the first visit, in their order", () => {
		expect(brief(statusOf({scene: settled}))).toEqual([
			"Ready True UpToDate",
			"Accepted True Accepted",
			"FitResolved True Fits",
			"DataplaneReady True Healthy",
			"PoliciesTranslated True Translated",
			"WorkloadsEnrolled True Enrolled",
			"TrafficVerified Unknown NoEvidence",
			"EnforcementVerified Unknown NoEvidence",
		])
	})

	it("never claim what nobody measured", () => {
		const claimed = brief(statusOf({scene: settled})).filter((one) => /Verified True/.test(one))
		expect(claimed).toEqual([])
	})

	const cases: readonly (readonly [string, Case, string])[] = [
		["not there yet", {}, "WorkloadsEnrolled False NotEnrolled"],
		["the control plane is not installed", {change: uninstall}, "DataplaneReady False NotInstalled"],
		["the control plane is not healthy", {change: breakIstiod}, "DataplaneReady False Unhealthy"],
		["nothing was chosen", {change: uninstall}, "FitResolved False NothingFits"],
		[
			"a tie",
			{change: (cluster) => cluster.put(profileOf(meshProfile({mode: "None"}, {}, "other")))},
			"Accepted False ProfileTie",
		],
	]
	it.each(cases)("say that %s", (_, given, expected) => {
		expect(brief(statusOf(given))).toContain(expected)
	})

	it("tell of a code that accepts nothing, and of a policy that does nothing, with what to do", () => {
		const lost = policy("AuthorizationPolicy", "lost", {selector: {matchLabels: {app: "cat"}}})
		const status = statusOf({
			scene: {...settled, objects: [lost], spec: {migration: {accept: ["SingelReplica"]}}},
		})
		expect(brief(status)).toContain("Accepted True Accepted")
		expect(message(status, "Accepted")).toBe(
			"this profile decides for the namespace; UnknownAcceptCode: SingelReplica is no code that Heddle gives. Check its spelling; heddle plan lists the codes.",
		)
		expect(brief(status)).toContain("PoliciesTranslated True Translated")
		expect(message(status, "PoliciesTranslated")).toContain(
			"PolicySelectsNothing: AuthorizationPolicy/shop/lost: spec.selector selects no pod",
		)
	})

	it("keep the time of their last change, and no other", () => {
		const cluster = scene({mode: "Sidecar", spec: {paused: true}})
		reconcile({cluster, namespace: shop})
		const first = (cluster.find("MeshBinding/shop/mesh") as {status?: BindingStatus}).status ?? {}
		const again = nextStatus(observed({cluster, namespace: shop}, first), first, now + 60_000)
		expect(again.conditions?.map(({lastTransitionTime}) => lastTransitionTime)).toEqual(
			first.conditions?.map(({lastTransitionTime}) => lastTransitionTime),
		)
	})
})

describe("the rest of a status", () => {
	it("says whose it is, of which generation, and where the namespace is", () => {
		expect(statusOf({scene: settled})).toMatchObject({
			observedGeneration: 3,
			profile: "payments",
			profileGeneration: 1,
			dataplane: "istio-sidecar",
			revision: "default",
			fit: {verdict: "UpToDate", to: "istio-sidecar", mode: "Sidecar"},
			workloads: {total: 1, current: 1, moving: 0, waiting: 0, manual: 0},
		})
	})

	it("counts what moves and what waits", () => {
		const steps = [{id: "a", action: "Roll", object: "Deployment/shop/cart", state: "Running"}] as const
		expect(statusOf({migration: running("Running", {steps})}).workloads).toEqual({
			total: 2,
			current: 0,
			moving: 1,
			waiting: 1,
			manual: 0,
		})
	})

	it("forgets a revision that is none any more", () => {
		const cluster = scene({mode: "None"})
		const status = nextStatus(
			observed({cluster, namespace: shop}, {}),
			{dataplane: "x", revision: "old"},
			now,
		)
		expect(status).toMatchObject({dataplane: "none"})
		expect(status).not.toHaveProperty("revision")
	})
})
