import {describe, expect, it} from "vitest"
import type {MeshProfileExtension, MeshProfileSpec} from "../../crds/generated.ts"
import {dataplanes} from "../../profiles/registry.ts"
import type {KubeObject} from "../../profiles/snapshot/object.ts"
import {snapshotOf} from "../../profiles/snapshot/snapshot.ts"
import {gateway, namespace, policy, service} from "../../profiles/testing/builders.ts"
import {istiod} from "../../profiles/testing/istio.ts"
import {plan} from "./plan.ts"
import {controlPlanes, nodes, type Place, workload} from "./testing/cluster.ts"
import {meshProfile} from "./testing/profile.ts"
import {applyStep} from "./testing/simulate.ts"
import type {NamespacePlan} from "./types.ts"

const sha256 = "a".repeat(64)
const module = (more: Partial<MeshProfileExtension> = {}): MeshProfileExtension => ({
	name: "audit",
	url: "oci://registry.example/audit:1",
	sha256,
	...more,
})
const accept = [
	...["ExtensionNotProved", "ExtensionNotMeasured", "ExtensionWithoutCanary"],
	...["WaypointOrderUnproven", "ExtensionSkippedByDirectCalls"],
]

type World = {
	readonly on?: Place
	readonly labels?: Record<string, string>
	readonly more?: readonly KubeObject[]
}

const cluster = ({on = "none", labels = {}, more = []}: World = {}): readonly KubeObject[] => [
	...nodes(),
	...controlPlanes.istio(),
	...controlPlanes.ambient(),
	namespace("shop", {team: "payments", ...labels}),
	...workload({kind: "Deployment", name: "cart", on}),
	...workload({kind: "Deployment", name: "web", on}),
	...more,
]

function planned(
	objects: readonly KubeObject[],
	dataplane: MeshProfileSpec["dataplane"],
	extensions: readonly MeshProfileExtension[] = [],
	accepted = accept,
): NamespacePlan {
	const profiles = [meshProfile(dataplane, extensions.length === 0 ? {} : {extensions})]
	const [made] = plan({snapshot: snapshotOf(objects), profiles, dataplanes, accept: accepted}).namespaces
	if (made === undefined) throw new Error("the namespace is not planned")
	return made
}

const sidecar = {mode: "Wasm", provider: "istio-sidecar"} as const
const waypoint = {mode: "Wasm", provider: "istio-ambient"} as const
const codes = ({reasons}: NamespacePlan) => reasons.map(({code}) => code)
const extending = ({steps}: NamespacePlan) =>
	steps.filter(({id}) => /^(un)?extend-/.test(id)).map(({id}) => id)

/** A stand-in for the cluster carries the steps out. */
const carriedOut = (objects: readonly KubeObject[], {steps}: NamespacePlan) =>
	steps.reduce(applyStep, objects)

describe("a profile's extensions", () => {
	it.each([
		["in sidecars", sidecar, "extend-trafficextension-heddle-sidecar-audit"],
		["in a waypoint", waypoint, "extend-trafficextension-heddle-waypoint-audit"],
	] as const)("come once %s, and then nothing is left to do", (_, dataplane, id) => {
		const first = planned(cluster(), dataplane, [module()])
		expect(extending(first)).toEqual([id])
		const next = planned(carriedOut(cluster(), first), dataplane, [module()])
		expect(next).toMatchObject({verdict: "UpToDate", steps: []})
	})

	it("are changed where they stand, also when a profile leaves a field out", () => {
		const before = carriedOut(cluster(), planned(cluster(), sidecar, [module({config: {a: 1, b: 2}})]))
		const next = planned(before, sidecar, [module({config: {a: 1}})])
		expect(extending(next)).toEqual(["extend-trafficextension-heddle-sidecar-audit"])
		expect(next.verdict).toBe("Ready")
	})

	it("keep their priority when one is added behind them", () => {
		const before = carriedOut(cluster(), planned(cluster(), sidecar, [module()]))
		const next = planned(before, sidecar, [module(), module({name: "stats"})])
		expect(extending(next)).toEqual(["extend-trafficextension-heddle-sidecar-stats"])
	})

	it("move from a waypoint into sidecars before the pods do, and leave the waypoint last", () => {
		const before = carriedOut(cluster(), planned(cluster(), waypoint, [module()]))
		const {steps} = planned(before, {mode: "Sidecar", provider: "istio-sidecar"}, [module()])
		expect(steps[0]?.id).toBe("extend-trafficextension-heddle-sidecar-audit")
		expect(steps.at(-1)?.id).toBe("unextend-trafficextension-heddle-waypoint-audit")
	})

	it("go when the profile drops them or the namespace leaves, and refuse neither", () => {
		const before = carriedOut(cluster(), planned(cluster(), sidecar, [module()]))
		expect(
			planned(before, {mode: "Sidecar", provider: "istio-sidecar"}).steps.map(({action}) => action),
		).toEqual(["Delete"])
		const left = carriedOut(before, planned(before, {mode: "None"}))
		expect(left.filter(({kind}) => kind === "TrafficExtension")).toEqual([])
		const moved = planned(before, {mode: "Sidecarless", provider: "istio-ambient"})
		expect(moved.verdict).toBe("Ready")
		expect(moved.features).toEqual([])
	})

	it("leave what people made alone", () => {
		const theirs = policy("WasmPlugin", "heddle-theirs", {url: "oci://registry.example/theirs:1"})
		const {steps} = planned(cluster({more: [theirs]}), sidecar, [module()])
		expect(steps.filter(({object}) => object?.endsWith("/heddle-theirs"))).toEqual([])
	})
})

describe("a module that nobody has proved", () => {
	it("needs a person, until its digest stands on the profile", () => {
		const made = planned(cluster(), sidecar, [module()], [])
		expect(made.verdict).toBe("NeedsAcceptance")
		expect(codes(made)).toContain("ExtensionNotProved")
		const profile = meshProfile(sidecar, {extensions: [module()]})
		const annotations = {"heddle.dev/proved-modules": `${"b".repeat(64)}, ${sha256}`}
		const profiles = [{...profile, metadata: {...profile.metadata, annotations}}]
		const input = {snapshot: snapshotOf(cluster()), profiles, dataplanes, accept: ["ExtensionNotMeasured"]}
		const [proved] = plan(input).namespaces
		expect(proved?.verdict).toBe("Ready")
	})

	it("is not asked for again when only its configuration changes", () => {
		const before = carriedOut(cluster(), planned(cluster(), sidecar, [module()]))
		expect(codes(planned(before, sidecar, [module({config: {a: 1}})], []))).not.toContain(
			"ExtensionNotProved",
		)
		expect(codes(planned(before, sidecar, [module({sha256: "c".repeat(64)})], []))).toContain(
			"ExtensionNotProved",
		)
	})
})

describe("extensions are refused", () => {
	const cart = {selector: {matchLabels: {app: "cart"}}}
	const both = service("both", {selector: {tier: "back"}})
	const tiers = ["cart", "web"].flatMap((name) =>
		workload({
			kind: "Deployment",
			name: `${name}2`,
			options: {podLabels: {app: name, tier: "back"}},
			service: false,
		}),
	)
	const many = Array.from({length: 17}, (_, index) => service(`cart-${index}`, {selector: {app: "cart"}}))
	const guard = policy("AuthorizationPolicy", "only-via-waypoint", {
		action: "DENY",
		rules: [{from: [{source: {notPrincipals: ["cluster.local/ns/shop/sa/waypoint"]}}]}],
	})
	const edge = module({targetRef: {name: "edge"}})
	const envoy = [
		{
			...policy("GatewayClass", "envoy", {controllerName: "gateway.envoyproxy.io/gatewayclass-controller"}),
			metadata: {name: "envoy"},
		},
		gateway("edge", {className: "envoy"}),
	]
	const rival: KubeObject = {
		apiVersion: "gateway.envoyproxy.io/v1alpha1",
		kind: "EnvoyExtensionPolicy",
		metadata: {name: "theirs", namespace: "shop"},
		...{spec: {targetRefs: [{kind: "Gateway", name: "edge"}]}},
	}
	const taken = policy("TrafficExtension", "heddle-sidecar-audit", {lua: {inlineCode: "--"}})
	type Case = {
		readonly objects?: readonly KubeObject[]
		readonly at?: MeshProfileSpec["dataplane"]
		readonly one?: MeshProfileExtension
	}
	const elsewhere = service("own", {labels: {"istio.io/use-waypoint": "other"}, selector: {app: "cart"}})
	const other = `oci://r.example/a@sha256:${"b".repeat(64)}`
	const nobody = {selector: {matchLabels: {app: "nobody"}}}
	it.each<[string, Case, string]>([
		["their name is taken", {objects: [taken]}, "ExtensionNameTaken"],
		["two digests differ", {one: module({url: other})}, "ExtensionDigestMismatch"],
		[
			"a Service has other pods too",
			{objects: [both, ...tiers], at: waypoint, one: module(cart)},
			"ExtensionSelectorNotExactAtWaypoint",
		],
		["no Service has the pods", {at: waypoint, one: module(nobody)}, "ExtensionSelectorNotExactAtWaypoint"],
		[
			"a Service goes through another waypoint",
			{objects: [elsewhere], at: waypoint},
			"ExtensionSelectorNotExactAtWaypoint",
		],
		["too many Services", {objects: many, at: waypoint, one: module(cart)}, "ExtensionTooManyTargets"],
		["their Gateway is missing", {one: edge}, "ExtensionTargetMissing"],
		["their Gateway's class is missing", {objects: [gateway("edge")], one: edge}, "ExtensionHostUnknown"],
		["another policy is on the Gateway", {objects: [...envoy, rival], one: edge}, "ExtensionPolicyConflict"],
	])("where %s", (_, {objects = [], at = sidecar, one = module()}, expected) => {
		const made = planned(cluster({more: objects}), at, [one])
		expect(made.verdict).toBe("Blocked")
		expect(codes(made)).toContain(expected)
	})

	it("where a waypoint weakens what sidecars refuse, unless a policy admits the waypoint alone", () => {
		const before = carriedOut(cluster(), planned(cluster(), sidecar, [module()]))
		const goal = {mode: "Sidecarless", provider: "istio-ambient"} as const
		expect(codes(planned(before, goal, [module()]))).toContain("ExtensionWeakenedAtWaypoint")
		const guarded = codes(planned([...before, guard], goal, [module()]))
		expect(guarded).not.toContain("ExtensionWeakenedAtWaypoint")
		expect(guarded).not.toContain("ExtensionSkippedByDirectCalls")
	})
})

describe("an istiod that is too old", () => {
	it("to know what becomes of a request when a module fails runs none", () => {
		const old = cluster({more: istiod({revision: "1-18", version: "1.18.7"})})
		const made = planned(old, {...sidecar, revision: "1-18"}, [module()])
		expect(codes(made)).toContain("ExtensionHostUnknown")
		expect(made.verdict).toBe("Blocked")
	})
})

describe("an extension that says little", () => {
	it("about pods that are not there is told of", () => {
		const made = planned(cluster(), sidecar, [module({selector: {matchLabels: {app: "nobody"}}})])
		expect(codes(made)).toContain("ExtensionSelectsNothing")
	})

	it("in another namespace's waypoint is attached to the Services", () => {
		const labels = {"istio.io/use-waypoint": "shared", "istio.io/use-waypoint-namespace": "infra"}
		const shared = {
			...gateway("shared", {className: "istio-waypoint"}),
			metadata: {name: "shared", namespace: "infra"},
		}
		const {steps} = planned(cluster({labels, more: [namespace("infra"), shared]}), waypoint, [module()])
		expect(steps.find(({id}) => id.startsWith("extend-"))?.manifest).toMatchObject({
			spec: {
				targetRefs: [
					{kind: "Service", name: "cart"},
					{kind: "Service", name: "web"},
				],
			},
		})
	})
})

describe("what is new or changed is tried first", () => {
	const onSidecars = cluster({on: "istio-sidecar", labels: {"istio-injection": "enabled"}})
	const order = (made: NamespacePlan) => made.steps.map(({id, stage = 0}) => `${stage} ${id}`)
	const without = ({reasons}: NamespacePlan) =>
		reasons.filter(({code}) => code === "ExtensionWithoutCanary").map(({message}) => message)

	it("on one pod more of each Deployment that it selects, behind what they run already", () => {
		const only = module({selector: {matchLabels: {app: "cart"}}})
		const made = planned(onSidecars, sidecar, [only])
		expect(order(made)).toEqual([
			"1 canary-audit",
			"1 copy-audit/cart-heddle-canary",
			"1 prove-audit/cart-heddle-canary",
			"1 watch-audit/cart-heddle-canary",
			"1 end-audit/cart-heddle-canary",
			"1 extend-trafficextension-heddle-sidecar-audit",
			"1 extended-audit",
			"1 end-canary-audit",
		])
		const [canary, copy] = made.steps.map(
			({manifest}) => manifest as never as {spec: Record<string, unknown>},
		)
		expect(canary?.spec).toMatchObject({
			selector: {matchLabels: {"heddle.dev/canary": "audit"}},
			priority: 995,
		})
		expect(copy).toMatchObject({
			metadata: {labels: {"app.kubernetes.io/managed-by": "heddle"}},
			spec: {
				replicas: 1,
				selector: {matchLabels: {app: "cart", "heddle.dev/canary": "audit"}},
				template: {metadata: {labels: {app: "cart", "heddle.dev/canary": "audit"}}},
			},
		})
	})

	it("after the pods have moved, in a stage of its own", () => {
		const stages = planned(cluster(), sidecar, [module()]).steps.map(({stage = 0}) => stage)
		expect(stages).toEqual(stages.toSorted((a, b) => a - b))
		expect(new Set(stages)).toEqual(new Set([0, 1]))
	})

	it("and a failure policy is never another one on the way", () => {
		const made = planned(onSidecars, sidecar, [module()])
		const kinds = made.steps.flatMap(({manifest}) => JSON.stringify(manifest)?.match(/FAIL_[A-Z]+/g) ?? [])
		expect(new Set(kinds)).toEqual(new Set(["FAIL_CLOSE"]))
	})

	it("copies are no workloads, and those that were left behind go", () => {
		const amid = planned(onSidecars, sidecar, [module()]).steps.slice(0, 2).reduce(applyStep, onSidecars)
		expect(planned(amid, sidecar, [module()]).workloads.map(({ref}) => ref)).toEqual([
			"Deployment/shop/cart",
			"Deployment/shop/web",
		])
		const dropped = planned(amid, {mode: "Sidecar", provider: "istio-sidecar"})
		expect(dropped.steps.map(({action, object}) => `${action} ${object}`)).toEqual([
			"Delete TrafficExtension/shop/heddle-canary-audit",
			"Delete Deployment/shop/cart-heddle-canary",
		])
	})

	it.each([
		["its rollout is AtOnce", onSidecars, {rollout: "AtOnce"}, "its rollout is AtOnce"],
		["a waypoint serves it", cluster(), {}, "istio-waypoint serves"],
	] as const)("or needs a person: %s", (_, objects, more, why) => {
		const made = planned(objects, why.includes("waypoint") ? waypoint : sidecar, [module(more)], [])
		expect(without(made)).toEqual([expect.stringContaining(why)])
		expect(made.verdict).toBe("NeedsAcceptance")
	})

	it("or needs a person: nothing that is selected can have one pod more", () => {
		const objects = [
			...nodes(),
			...controlPlanes.istio(),
			namespace("shop", {team: "payments", "istio-injection": "enabled"}),
			...workload({kind: "StatefulSet", name: "db", on: "istio-sidecar"}),
		]
		expect(without(planned(objects, sidecar, [module()]))).toEqual([
			expect.stringContaining(
				"StatefulSet/shop/db cannot be copied, since only a Deployment can have one pod more",
			),
		])
	})
})
