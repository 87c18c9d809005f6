import {describe, expect, test} from "vitest"
import {dataplanes} from "../../profiles/registry.ts"
import {addressOf, type KubeObject} from "../../profiles/snapshot/object.ts"
import {snapshotOf} from "../../profiles/snapshot/snapshot.ts"
import {namespace, policy, service} from "../../profiles/testing/builders.ts"
import {plan} from "./plan.ts"
import {controlPlanes, nodes, workload} from "./testing/cluster.ts"
import {meshProfile} from "./testing/profile.ts"
import {applyStep} from "./testing/simulate.ts"

const everything = [
	"WaypointOrderUnproven",
	"TranslationOrderUnproven",
	"SidecarCallersRefusedByGuard",
	"PolicyFieldDropped",
	"TranslationNarrows",
]
const selector = {matchLabels: {app: "cart"}}
const denyDelete = policy("AuthorizationPolicy", "deny-delete", {
	selector,
	action: "DENY",
	rules: [{to: [{operation: {methods: ["DELETE"]}}]}],
})
const notWeb = policy("AuthorizationPolicy", "nobody-but-web", {
	selector,
	action: "DENY",
	rules: [{from: [{source: {notPrincipals: ["cluster.local/ns/shop/sa/web"]}}]}],
})

const world = (...more: readonly KubeObject[]): readonly KubeObject[] => [
	...nodes(),
	...controlPlanes.istio(),
	...controlPlanes.ambient(),
	namespace("shop", {team: "payments", "istio-injection": "enabled"}),
	...workload({kind: "Deployment", name: "cart", on: "istio-sidecar", revision: "default"}),
	...more,
]

function planOf(objects: readonly KubeObject[], mode: "Sidecar" | "Sidecarless" = "Sidecarless") {
	const profiles = [meshProfile({mode})]
	const [made] = plan({snapshot: snapshotOf(objects), profiles, dataplanes, accept: everything}).namespaces
	if (made === undefined) throw new Error("the namespace is not planned")
	return made
}

const codesOf = (objects: readonly KubeObject[]) => planOf(objects).reasons.map(({code}) => code)

describe("what a person hears of a translation", () => {
	const root = (name: string, spec: object) =>
		policy("AuthorizationPolicy", name, spec, {namespace: "istio-system"})
	const cases: readonly (readonly [name: string, objects: readonly KubeObject[], code: string])[] = [
		["requests were compared", [denyDelete], "PoliciesCompared"],
		["callers with sidecars are refused in the meantime", [denyDelete], "SidecarCallersRefusedByGuard"],
		[
			"callers outside of every mesh are refused",
			[
				denyDelete,
				namespace("jobs"),
				...workload({kind: "Deployment", name: "batch", namespace: "jobs", on: "none"}),
			],
			"OutsideCallersRefusedByGuard",
		],
		[
			"calls by a headless Service are refused",
			[denyDelete, service("cart-pods", {selector: {app: "cart"}, clusterIP: "None"})],
			"HeadlessCallsRefusedByGuard",
		],
		[
			"somebody's object is in the way",
			[denyDelete, policy("AuthorizationPolicy", "heddle-waypoint-deny-delete", {action: "DENY"})],
			"TranslationNameTaken",
		],
		[
			"git would bring the policy back",
			[{...denyDelete, metadata: {...denyDelete.metadata, labels: {"argocd.argoproj.io/instance": "shop"}}}],
			"SourceOwnedByGitOps",
		],
		[
			"an AUDIT is left out",
			[denyDelete, policy("AuthorizationPolicy", "audit", {selector, action: "AUDIT", rules: [{}]})],
			"PolicyFieldDropped",
		],
		[
			"a DENY of the whole mesh that would hit the waypoint",
			[
				denyDelete,
				root("only-web", {
					action: "DENY",
					rules: [{from: [{source: {notPrincipals: ["cluster.local/ns/shop/sa/web"]}}]}],
				}),
			],
			"PolicyNotTranslatable",
		],
		[
			"what people attached to the Service already starts to hold",
			[
				denyDelete,
				policy("AuthorizationPolicy", "theirs", {
					targetRefs: [{kind: "Service", name: "cart"}],
					action: "DENY",
					rules: [{to: [{operation: {methods: ["GET"]}}]}],
				}),
			],
			"TranslationNarrows",
		],
	]
	test.each(cases)("%s", (_, objects, code) => {
		expect(codesOf(world(...objects))).toContain(code)
	})
})

describe("a plan with translations", () => {
	test("leaves nothing to do once it is carried out, and names the same steps from every moment of it", () => {
		let objects = world(denyDelete, notWeb)
		const made = planOf(objects)
		expect(made.verdict).toBe("Ready")
		const ids = made.steps.map(({id}) => id)
		for (const step of made.steps) {
			for (const {id} of planOf(objects).steps) expect(ids).toContain(id)
			objects = applyStep(objects, step)
		}
		expect(planOf(objects)).toMatchObject({verdict: "UpToDate", steps: []})
	})

	test("is not stopped half-way by what it has put in the place of a DENY by path and port", () => {
		const rules = [{to: [{operation: {paths: ["/admin"], ports: ["8080"]}}]}]
		const noAdmin = policy("AuthorizationPolicy", "no-admin", {selector, action: "DENY", rules})
		let objects = world(noAdmin)
		for (const step of planOf(objects).steps) {
			objects = applyStep(objects, step)
			expect(planOf(objects), `after ${step.id}`).not.toMatchObject({verdict: "Blocked"})
		}
		expect(planOf(objects).verdict).toBe("UpToDate")
	})

	const web = [{source: {principals: ["cluster.local/ns/shop/sa/web"]}}]
	const reads = [{operation: {methods: ["GET"]}}]
	const admin = (ports: object) => [{to: [{operation: {paths: ["/admin"], ...ports}}]}]
	const onlyWeb = policy("AuthorizationPolicy", "only-web", {selector, rules: [{from: web}]})
	const ways: readonly (readonly [what: string, policies: readonly KubeObject[]])[] = [
		[
			"an ALLOW by method",
			[policy("AuthorizationPolicy", "reads", {selector, rules: [{from: web, to: reads}]})],
		],
		["DENYs, one of which a stand-in replaced", [denyDelete, notWeb]],
		[
			"a DENY by path and port",
			[
				policy("AuthorizationPolicy", "no-admin", {
					selector,
					action: "DENY",
					rules: admin({ports: ["8080"]}),
				}),
			],
		],
		[
			"a DENY of the whole namespace beside an ALLOW that stayed at the pods",
			[
				policy("AuthorizationPolicy", "no-admin", {action: "DENY", rules: admin({})}),
				onlyWeb,
				policy("AuthorizationPolicy", "reads", {selector, rules: [{from: web, to: reads}]}),
			],
		],
	]
	test.each(ways)("leads back to sidecars from where Heddle's own move has left %s", (_, policies) => {
		const callers = workload({kind: "Deployment", name: "web", on: "istio-sidecar", revision: "default"})
		const start = world(...callers, ...policies)
		let objects = planOf(start).steps.reduce(applyStep, start)
		expect(planOf(objects).verdict).toBe("UpToDate")
		const back = planOf(objects, "Sidecar")
		expect(back.verdict).toBe("Ready")
		const ids = back.steps.map(({id}) => id)
		for (const step of back.steps) {
			objects = applyStep(objects, step)
			const next = planOf(objects, "Sidecar")
			expect(next, `after ${step.id}`).not.toMatchObject({verdict: "Blocked"})
			for (const {id} of next.steps) expect(ids).toContain(id)
		}
		expect(planOf(objects, "Sidecar")).toMatchObject({verdict: "UpToDate", steps: []})
	})

	test("does not lead to ambient over copies that stand for their sources at sidecars", () => {
		const copy = policy("AuthorizationPolicy", "heddle-sidecar-heddle-waypoint-only-web-cart", {
			selector,
			action: "DENY",
			rules: [{from: [{source: {notPrincipals: ["cluster.local/ns/shop/sa/web"]}}]}],
		})
		const labels = {"app.kubernetes.io/managed-by": "heddle", "heddle.dev/translation": "copy"}
		const left = {...copy, metadata: {...copy.metadata, labels}}
		const refused = planOf(world(denyDelete, left)).reasons.find(({severity}) => severity === "block")
		expect(refused).toMatchObject({code: "PolicyNotTranslatable", object: addressOf(left)})
		expect(refused?.message).toContain("target: Previous")
	})

	test("leaves an ALLOW that has stayed at the pods to itself on the way back", () => {
		const start = world(denyDelete, onlyWeb)
		const moved = planOf(start).steps.reduce(applyStep, start)
		const made = planOf(moved, "Sidecar").steps.flatMap(({manifest}) => manifest?.metadata.name ?? [])
		expect(made.filter((name) => name.includes("only-web"))).toEqual([])
	})

	test("does not touch what people have arranged themselves where every pod is there already", () => {
		const done = planOf(world(denyDelete)).steps.reduce(applyStep, world(denyDelete))
		const own = done.filter(({metadata}) => metadata.labels?.["heddle.dev/translation"] === undefined)
		const theirs = policy("AuthorizationPolicy", "only-web", {
			selector,
			rules: [{from: [{source: {principals: ["cluster.local/ns/shop/sa/web"]}}]}],
		})
		expect(planOf([...own, theirs]).translations).toEqual([])
	})
})
