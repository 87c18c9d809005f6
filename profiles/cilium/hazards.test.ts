import {describe, expect, test} from "vitest"
import type {Installation} from "../dataplane.ts"
import type {FeatureUse} from "../features.ts"
import {none} from "../none/index.ts"
import type {KubeObject} from "../snapshot/object.ts"
import {snapshotOf} from "../snapshot/snapshot.ts"
import {ambientPod, namespace, pod, policy, sidecarPod} from "../testing/builders.ts"
import {brief, moveTo} from "../testing/cases.ts"
import {accepted, ciliumAgents} from "../testing/cilium.ts"
import {kmeshPod} from "../testing/kmesh.ts"
import {cilium} from "./index.ts"

const CNP = "CiliumNetworkPolicy"
const wireGuard = ciliumAgents({flags: {"enable-wireguard": "true"}})
const enrolled = [
	...ciliumAgents({flags: {"enable-ztunnel": "true"}}),
	namespace("shop", {"io.cilium/mtls-enabled": "true"}),
]
const cart = pod("cart", {labels: {app: "cart"}})
const onService = (name: string, rule: object = {}, parent: object = {}) =>
	policy("HTTPRoute", name, {
		parentRefs: [{group: "", kind: "Service", name: "cart", ...parent}],
		rules: [rule],
	})

type Asked = {readonly version?: string; readonly uses?: readonly FeatureUse[]}
function hazardsOf(objects: readonly KubeObject[], {version = "1.20.2", uses}: Asked = {}): string[] {
	const move = moveTo("cilium", {version} as Partial<Installation>)
	return brief(cilium.hazards(snapshotOf(objects), {...move, ...(uses ? {uses} : {})}))
}

describe("hazards of Cilium", () => {
	const cases: readonly (readonly [
		name: string,
		objects: readonly KubeObject[],
		wanted: readonly string[],
	])[] = [
		["a namespace that Cilium encrypts has none", [...wireGuard, cart], []],
		["without a duty there is nothing to be on", [...ciliumAgents(), cart], ["block NoMeshDuty"]],
		[
			"rules of L3 and L4 alone are no duty",
			[...ciliumAgents(), cart, policy(CNP, "p", {endpointSelector: {}, ingress: []})],
			["block NoMeshDuty"],
		],
		[
			"Istio's policies are enforced by nobody",
			[...wireGuard, sidecarPod("cart"), policy("AuthorizationPolicy", "p", {})],
			["block AuthorizationStopsBeingEnforced AuthorizationPolicy/shop/p", "accept WorkloadMTLSGivenUp"],
		],
		[
			"tokens are verified by nobody",
			[...wireGuard, sidecarPod("cart"), policy("RequestAuthentication", "p", {})],
			["block JWTStopsBeingVerified RequestAuthentication/shop/p", "accept WorkloadMTLSGivenUp"],
		],
		[
			"a policy of the mesh is lost where Istio holds the pods",
			[...wireGuard, sidecarPod("cart"), policy("AuthorizationPolicy", "p", {}, {namespace: "istio-system"})],
			[
				"block AuthorizationStopsBeingEnforced AuthorizationPolicy/istio-system/p",
				"accept WorkloadMTLSGivenUp",
			],
		],
		[
			"and not where it never held",
			[...wireGuard, cart, policy("AuthorizationPolicy", "p", {}, {namespace: "istio-system"})],
			[],
		],
		[
			"a peer that names it by its identity sees nobody",
			[
				...wireGuard,
				sidecarPod("cart"),
				policy(
					"AuthorizationPolicy",
					"p",
					{rules: [{from: [{source: {namespaces: ["shop"]}}]}]},
					{namespace: "bank"},
				),
			],
			["block IdentityLostForPeers AuthorizationPolicy/bank/p", "accept WorkloadMTLSGivenUp"],
		],
		[
			"a VirtualService is read by Istio alone, whatever Cilium could carry",
			[
				...wireGuard,
				sidecarPod("cart"),
				policy("VirtualService", "v", {
					hosts: ["cart"],
					http: [{retries: {attempts: 2}, route: [{destination: {host: "cart"}}]}],
				}),
			],
			["block IstioRoutingNotRead VirtualService/shop/v", "accept WorkloadMTLSGivenUp"],
		],
		[
			"so is an EnvoyFilter",
			[...wireGuard, sidecarPod("cart"), policy("EnvoyFilter", "e", {configPatches: [{}]})],
			["block IstioRoutingNotRead EnvoyFilter/shop/e", "accept WorkloadMTLSGivenUp"],
		],
		["ambient's mTLS is given up", [...wireGuard, ambientPod("cart")], ["accept WorkloadMTLSGivenUp"]],
		["Kmesh has none to give up", [...wireGuard, kmeshPod("cart")], []],
		["an accepted route", [...ciliumAgents(), cart, accepted(onService("r"))], []],
		[
			"a route that only Istio has accepted would end",
			[...wireGuard, cart, accepted(onService("r"), "istio.io/mesh-controller")],
			["block RouteNotAcceptedByCilium HTTPRoute/shop/r"],
		],
		[
			"a route about another namespace is none of Cilium's",
			[...wireGuard, cart, accepted(onService("r", {}, {namespace: "bank"}))],
			["block ConsumerRouteUnsupported HTTPRoute/shop/r"],
		],
		[
			"two routes on one Service are joined",
			[...ciliumAgents(), cart, accepted(onService("a")), accepted(onService("b"))],
			[],
		],
		[
			"HTTP rules need the proxy",
			[
				...ciliumAgents({flags: {"enable-l7-proxy": "false"}}),
				cart,
				policy(CNP, "p", {endpointSelector: {}, ingress: [{toPorts: [{rules: {http: [{}]}}]}]}),
			],
			["block CiliumL7ProxyOff CiliumNetworkPolicy/shop/p"],
		],
		[
			"rules that are only audited protect nobody",
			[
				...ciliumAgents({flags: {"enable-wireguard": "true", "policy-audit-mode": "true"}}),
				cart,
				policy(CNP, "p", {endpointSelector: {}, ingress: []}),
			],
			["block CiliumPolicyNotEnforced CiliumNetworkPolicy/shop/p"],
		],
		[
			"nor do those that are never enforced",
			[
				...ciliumAgents({flags: {"enable-wireguard": "true", "enable-policy": "never"}}),
				cart,
				policy(CNP, "p", {endpointSelector: {}, ingress: []}),
			],
			["block CiliumPolicyNotEnforced CiliumNetworkPolicy/shop/p"],
		],
		["in Cilium's ztunnel nothing is given up", [...enrolled, cart], []],
		[
			"but rules by port no longer match there",
			[
				...enrolled,
				cart,
				policy(CNP, "p", {
					endpointSelector: {},
					ingressDeny: [{fromEndpoints: [{}], toPorts: [{ports: [{port: "8080"}]}]}],
				}),
			],
			["block CiliumDenyMissesTunnel CiliumNetworkPolicy/shop/p"],
		],
	]
	test.each(cases)("%s", (_, objects, wanted) => {
		expect(hazardsOf(objects)).toEqual(wanted)
	})

	test("before 1.18 the last of two routes wins", () => {
		const objects = [...ciliumAgents(), cart, accepted(onService("a")), accepted(onService("b"))]
		expect(hazardsOf(objects, {version: "1.17.6"})).toEqual([
			"block SeveralRoutesPerService Service/shop/cart",
		])
	})

	test("strict mTLS is no promise of a namespace that is not enrolled", () => {
		const uses: readonly FeatureUse[] = [{name: "MTLSStrict", usedBy: ["MeshProfile/payments"]}]
		expect(hazardsOf([...wireGuard, cart], {uses})).toEqual(["block CiliumMTLSNotEnrolled"])
		expect(hazardsOf([...enrolled, cart], {uses})).toEqual([])
	})
})

test("no mesh at all is not to be had while the network has a duty", () => {
	const hazards = (...objects: KubeObject[]) => brief(none.hazards(snapshotOf(objects), moveTo("none")))
	expect(hazards(...ciliumAgents(), cart)).toEqual([])
	expect(hazards(...wireGuard, cart)).toEqual(["block NetworkDutyStays ConfigMap/kube-system/cilium-config"])
	const l7 = policy(CNP, "p", {endpointSelector: {}, ingress: [{toPorts: [{rules: {http: [{}]}}]}]})
	expect(hazards(...ciliumAgents(), cart, l7)).toEqual(["block NetworkDutyStays CiliumNetworkPolicy/shop/p"])
})
