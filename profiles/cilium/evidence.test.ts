import fc from "fast-check"
import {describe, expect, test} from "vitest"
import {classify} from "../classify.ts"
import {dataplanes} from "../registry.ts"
import type {KubeObject} from "../snapshot/object.ts"
import type {Pod} from "../snapshot/shapes.ts"
import {snapshotOf} from "../snapshot/snapshot.ts"
import {ambientPod, namespace, pod, policy, sidecarPod} from "../testing/builders.ts"
import {accepted, ciliumAgents, clusterwide, dataplaneV2, endpoint} from "../testing/cilium.ts"
import {linkerdPod} from "../testing/linkerd.ts"

const http = {endpointSelector: {}, ingress: [{toPorts: [{ports: [{port: "80"}], rules: {http: [{}]}}]}]}
const l7 = policy("CiliumNetworkPolicy", "l7", http)
const l4 = policy("CiliumNetworkPolicy", "l4", {endpointSelector: {}, ingress: [{fromEndpoints: [{}]}]})
const route = policy("HTTPRoute", "r", {
	parentRefs: [{group: "", kind: "Service", name: "cart"}],
	rules: [{}],
})
const wireGuard = ciliumAgents({flags: {"enable-wireguard": "true"}})
const ztunnel = ciliumAgents({flags: {"enable-ztunnel": "true"}})

const placeOf = (one: Pod, ...objects: KubeObject[]) => {
	const {dataplane, ready, detail} = classify(one, snapshotOf([one, ...objects]), dataplanes)
	return {dataplane, ready, detail}
}
const cart = pod("cart")
const ready = endpoint("cart")

describe("a pod on a Cilium network", () => {
	const duties: readonly (readonly [name: string, objects: readonly KubeObject[], dataplane: string])[] = [
		["is in no mesh while nothing asks Cilium for more", [...ciliumAgents()], "none"],
		["nor by rules of L3 and L4", [...ciliumAgents(), l4], "none"],
		[
			"nor by a route that only another controller has accepted",
			[...ciliumAgents(), accepted(route, "istio.io/mesh-controller")],
			"none",
		],
		["is on Cilium by an HTTP rule", [...ciliumAgents(), l7], "cilium"],
		[
			"by an HTTP rule of the whole cluster",
			[...ciliumAgents(), clusterwide("CiliumClusterwideNetworkPolicy", "l7", http)],
			"cilium",
		],
		[
			"by an Envoy configuration",
			[...ciliumAgents(), policy("CiliumEnvoyConfig", "c", {services: [{name: "cart"}]})],
			"cilium",
		],
		["by a route that Cilium has accepted", [...ciliumAgents(), accepted(route)], "cilium"],
		[
			"by mutual authentication",
			[
				...ciliumAgents(),
				policy("CiliumNetworkPolicy", "a", {
					endpointSelector: {},
					ingress: [{fromEndpoints: [{}], authentication: {mode: "required"}}],
				}),
			],
			"cilium",
		],
		["by WireGuard", wireGuard, "cilium"],
		["by IPsec", ciliumAgents({flags: {"enable-ipsec": "true"}}), "cilium"],
		[
			"by the label that enrols in Cilium's ztunnel",
			[...ztunnel, namespace("shop", {"io.cilium/mtls-enabled": "true"})],
			"cilium",
		],
		[
			"not by that label alone",
			[...ciliumAgents(), namespace("shop", {"io.cilium/mtls-enabled": "true"})],
			"none",
		],
		[
			"not by the L7 rules of another namespace",
			[...ciliumAgents(), policy("CiliumNetworkPolicy", "l7", http, {namespace: "bank"})],
			"none",
		],
		["not where GKE runs the network, which has no proxy", [...dataplaneV2(), l7], "none"],
		[
			"is on GKE's network where that encrypts",
			dataplaneV2({flags: {"enable-wireguard": "true"}}),
			"gke-dataplane-v2",
		],
	]
	test.each(duties)("%s", (_, objects, dataplane) => {
		expect(placeOf(cart, ready, ...objects).dataplane).toBe(dataplane)
	})

	const states: readonly (readonly [state: string | undefined, dataplane: string, ready: boolean])[] = [
		["ready", "cilium", true],
		["regenerating", "cilium", false],
		["waiting-to-regenerate", "cilium", false],
		["waiting-for-identity", "pending", false],
		["not-ready", "pending", false],
		["restoring", "pending", false],
		["disconnected", "none", true],
		["invalid", "none", true],
		[undefined, "none", true],
	]
	test.each(states)("whose CiliumEndpoint is %s is on %s", (state, dataplane, isReady) => {
		const one = {...endpoint("cart", state), ...(state === undefined ? {status: {}} : {})}
		expect(placeOf(cart, one, ...wireGuard)).toMatchObject({dataplane, ready: isReady})
	})

	test("that was made before Cilium has no CiliumEndpoint, and is not on it", () => {
		const {dataplane, detail} = placeOf(cart, endpoint("other"), ...wireGuard)
		expect(dataplane).toBe("none")
		expect(detail).toContain("it has no CiliumEndpoint")
	})

	test("that has just started is in no mesh yet, which is nothing broken", () => {
		const {dataplane, detail} = placeOf(pod("cart", {ready: false}), endpoint("other"), ...wireGuard)
		expect({dataplane, detail}).toEqual({dataplane: "none", detail: "No dataplane has marked it."})
	})

	test("is vouched for by the agent on its node where no CiliumEndpoint is kept", () => {
		expect(placeOf(cart, ...wireGuard)).toMatchObject({dataplane: "cilium", ready: true})
		expect(placeOf(pod("cart", {node: "n9"}), ...wireGuard)).toMatchObject({
			dataplane: "cilium",
			ready: false,
		})
	})

	test("is not ready when the agent on its node is not", () => {
		const down = ciliumAgents({flags: {"enable-wireguard": "true"}, readyNodes: 0})
		expect(placeOf(cart, ready, ...down)).toMatchObject({dataplane: "cilium", ready: false})
	})

	test.each([
		["a sidecar", sidecarPod("cart"), "istio-sidecar"],
		["ambient", ambientPod("cart"), "istio-ambient"],
		["Linkerd", linkerdPod("cart"), "linkerd"],
	])("is where %s has it, since that lies above the network", (_, one, dataplane) => {
		expect(placeOf(one, ready, l7, ...wireGuard).dataplane).toBe(dataplane)
	})
})

test("a pod is on Cilium only with a duty, an agent, and an endpoint that is not in its way", () => {
	const parts = fc.record({
		agent: fc.boolean(),
		duty: fc.boolean(),
		state: fc.constantFrom("ready", "regenerating", "not-ready", "disconnected"),
	})
	fc.assert(
		fc.property(parts, ({agent, duty, state}) => {
			const objects = [...(agent ? ciliumAgents() : []), ...(duty ? [l7] : []), endpoint("cart", state)]
			const holds = agent && duty && (state === "ready" || state === "regenerating")
			expect(placeOf(cart, ...objects).dataplane === "cilium").toBe(holds)
		}),
	)
})
