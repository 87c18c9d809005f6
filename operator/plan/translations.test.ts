import {describe, expect, test} from "vitest"
import {dataplanes} from "../../profiles/registry.ts"
import type {KubeObject} from "../../profiles/snapshot/object.ts"
import {snapshotOf} from "../../profiles/snapshot/snapshot.ts"
import {namespace, policy, service} from "../../profiles/testing/builders.ts"
import {plan} from "./plan.ts"
import {controlPlanes, nodes, workload} from "./testing/cluster.ts"
import {meshProfile} from "./testing/profile.ts"
import {applyStep} from "./testing/simulate.ts"

const everything = [
	"WaypointOrderUnproven",
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

function planOf(objects: readonly KubeObject[]) {
	const profiles = [meshProfile({mode: "Sidecarless"})]
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
