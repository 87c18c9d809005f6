import {describe, expect, test} from "vitest"
import {inUse} from "../../in-use.ts"
import type {KubeObject} from "../../snapshot/object.ts"
import {snapshotOf} from "../../snapshot/snapshot.ts"
import {policy} from "../../testing/builders.ts"
import {istiod} from "../../testing/istio.ts"
import {linkerdControlPlane} from "../../testing/linkerd.ts"

const parent = (kind: string) => ({
	parentRefs: [{group: "", kind, name: "cart"}],
	rules: [{timeouts: {request: "1s"}}],
})
const route = policy("HTTPRoute", "r", parent("Service"))
const answered = (controllerName: string, status: string): KubeObject => ({
	...route,
	...{status: {parents: [{controllerName, conditions: [{type: "Accepted", status}]}]}},
})
const told = (...objects: KubeObject[]) =>
	inUse(snapshotOf(objects), "shop")
		.reasons.filter(({code}) => code === "RouteReadBySeveralMeshes")
		.map(({severity, message}) => `${severity} ${message}`)

describe("a GAMMA route is read by every mesh at once", () => {
	test("by Istio and Linkerd where both are", () => {
		expect(told(route, ...istiod(), ...linkerdControlPlane())).toEqual([
			"info HTTPRoute/shop/r is read by Istio and Linkerd at once.",
		])
	})

	test("its status tells who has read it, and who refuses it", () => {
		expect(told(answered("linkerd.io/policy-controller", "False"), ...istiod())).toEqual([
			"info HTTPRoute/shop/r is read by Istio and Linkerd at once, and Linkerd refuses it.",
		])
	})

	test.each([
		["one mesh alone", [route, ...istiod()]],
		["its own answer is no second one", [answered("istio.io/mesh-controller", "True"), ...istiod()]],
		[
			"a route of a gateway is its controller's",
			[policy("HTTPRoute", "r", parent("Gateway")), ...istiod(), ...linkerdControlPlane()],
		],
	] as const)("%s", (_, objects) => {
		expect(told(...objects)).toEqual([])
	})
})
