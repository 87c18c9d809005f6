import {describe, expect, test} from "vitest"
import {dataplanes} from "../../profiles/registry.ts"
import type {KubeObject} from "../../profiles/snapshot/object.ts"
import {snapshotOf} from "../../profiles/snapshot/snapshot.ts"
import {namespace, policy, service} from "../../profiles/testing/builders.ts"
import {plan} from "./plan.ts"
import {controlPlanes, nodes, workload} from "./testing/cluster.ts"
import {meshProfile} from "./testing/profile.ts"
import {applyStep} from "./testing/simulate.ts"

const version = (name: string) =>
	workload({
		kind: "Deployment",
		name: `cart-${name}`,
		on: "istio-sidecar",
		revision: "default",
		service: false,
		options: {template: {metadata: {labels: {app: "cart", version: name}}}},
	})
const subsets = policy("DestinationRule", "cart", {
	host: "cart",
	trafficPolicy: {loadBalancer: {simple: "RANDOM"}},
	subsets: ["v1", "v2"].map((name) => ({name, labels: {version: name}})),
})
const to = (subset: string, weight: number) => ({destination: {host: "cart", subset}, weight})
const split = policy("VirtualService", "cart", {
	hosts: ["cart"],
	http: [{route: [to("v1", 90), to("v2", 10)]}],
})
const denyDelete = policy("AuthorizationPolicy", "deny-delete", {
	selector: {matchLabels: {app: "cart"}},
	action: "DENY",
	rules: [{to: [{operation: {methods: ["DELETE"]}}]}],
})

const world = (...more: readonly KubeObject[]): readonly KubeObject[] => [
	...nodes(),
	...controlPlanes.istio(),
	...controlPlanes.ambient(),
	namespace("shop", {team: "payments", "istio-injection": "enabled"}),
	...version("v1"),
	...version("v2"),
	service("cart", {selector: {app: "cart"}}),
	...more,
]

function planOf(objects: readonly KubeObject[]) {
	const profiles = [meshProfile({mode: "Sidecarless"})]
	const accept = ["WaypointOrderUnproven", "SidecarCallersRefusedByGuard"]
	const [made] = plan({snapshot: snapshotOf(objects), profiles, dataplanes, accept}).namespaces
	if (made === undefined) throw new Error("the namespace is not planned")
	return made
}

const codesOf = (objects: readonly KubeObject[]) => planOf(objects).reasons.map(({code}) => code)

describe("a plan that carries routes over", () => {
	test("leaves nothing to do once it is carried out, and names the same steps from every moment of it", () => {
		let objects = world(split, subsets, denyDelete)
		const made = planOf(objects)
		expect(made.verdict).toBe("Ready")
		const ids = made.steps.map(({id}) => id)
		for (const step of made.steps) {
			const again = planOf(objects)
			expect(
				again.reasons.filter(({severity}) => severity === "block"),
				`before ${step.id}`,
			).toEqual([])
			for (const {id} of again.steps) expect(ids).toContain(id)
			if (step.action === "Apply" || step.action === "Delete")
				expect(again.steps.map(({id}) => id)).toContain(step.id)
			objects = applyStep(objects, step)
		}
		expect(planOf(objects)).toMatchObject({verdict: "UpToDate", steps: []})
		const names = objects.map(({kind, metadata}) => `${kind}/${metadata.name}`)
		expect(names).not.toContain("VirtualService/cart")
		expect(names).not.toContain("DestinationRule/cart")
	})

	test("never lets a waypoint find a VirtualService and a route for one Service, nor a route without its Services", () => {
		const ids = planOf(world(split, subsets)).steps.map(({id}) => id)
		const order = [
			"translate-service-heddle-cart-v1",
			"translate-service-heddle-cart-v2",
			"translate-httproute-heddle-cart",
			"retire-virtualservice-cart",
			"use-waypoint",
			"retire-destinationrule-cart",
		].map((id) => ids.indexOf(id))
		expect(order).toEqual([...order].sort((a, b) => a - b))
		expect(order).not.toContain(-1)
	})

	test("puts the policies of a Service in front of the Services of its subsets, before these are there", () => {
		const {steps} = planOf(world(split, subsets, denyDelete))
		const at = (id: string) => steps.findIndex((one) => one.id === id)
		const copy = steps[at("translate-authorizationpolicy-heddle-waypoint-deny-delete")]
		const spec = (copy?.manifest as {spec?: {targetRefs: readonly {name: string}[]}} | undefined)?.spec
		expect(spec?.targetRefs.map(({name}) => name)).toEqual(["cart", "heddle-cart-v1", "heddle-cart-v2"])
		expect(at(copy?.id ?? "")).toBeLessThan(at("translate-service-heddle-cart-v1"))
	})

	const http = (rule: object) => policy("VirtualService", "cart", {hosts: ["cart"], http: [rule]})
	const route = [{destination: {host: "cart"}}]
	const cases: readonly (readonly [name: string, objects: readonly KubeObject[], code: string])[] = [
		["sidecars read the routes as well", [http({route})], "RoutesChangeHands"],
		[
			"faults have no equal",
			[http({route, fault: {abort: {httpStatus: 403}}})],
			"VirtualServiceNotTranslated",
		],
		[
			"callers are matched by labels",
			[http({route, match: [{sourceLabels: {app: "web"}}]})],
			"CallerMatchLostAtWaypoint",
		],
		["retries need the experimental channel", [http({route, retries: {attempts: 5}})], "PolicyFieldDropped"],
		[
			"a prefix of characters cannot be rewritten",
			[http({route, match: [{uri: {prefix: "/a"}}], rewrite: {uri: "/b"}})],
			"PolicyApproximated",
		],
		["a subset that nobody routes to", [subsets], "SubsetsUnsupported"],
		[
			"a route is there for the Service",
			[
				http({route}),
				policy("HTTPRoute", "theirs", {parentRefs: [{group: "", kind: "Service", name: "cart"}], rules: []}),
			],
			"VirtualServiceMixedWithHTTPRoute",
		],
		[
			"somebody's Service has the name",
			[split, subsets, service("heddle-cart-v1", {selector: {app: "other"}})],
			"TranslationNameTaken",
		],
	]
	test.each(cases)("%s", (_, objects, code) => {
		expect(codesOf(world(...objects))).toContain(code)
	})
})
