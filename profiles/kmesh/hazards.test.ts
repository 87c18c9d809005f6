import {describe, expect, test} from "vitest"
import type {KubeObject} from "../snapshot/object.ts"
import {snapshotOf} from "../snapshot/snapshot.ts"
import {networkPolicy, pod, policy, service, sidecarPod, waypoint} from "../testing/builders.ts"
import {brief, moveTo} from "../testing/cases.ts"
import {istiod} from "../testing/istio.ts"
import {kmeshAgents, kmeshPod} from "../testing/kmesh.ts"
import {kmesh} from "./index.ts"

const world = (version = "1.25.3", options = {}) => [
	...istiod({ambient: true, version}),
	...kmeshAgents(["n1"], options),
]
const hazardsOf = (objects: readonly KubeObject[], around = world()) => {
	const snapshot = snapshotOf([...around, ...objects])
	const [to] = kmesh.detect(snapshot)
	return brief(kmesh.hazards(snapshot, moveTo("kmesh", to)))
}

const image = {annotations: {"sidecar.istio.io/proxyImage": "ghcr.io/kmesh-net/waypoint:v1.2.0"}}
const inUse = {labels: {"istio.io/use-waypoint": "waypoint"}}
const carrying = [service("cart", inUse), waypoint("waypoint", image)]
const l7 = (action: string) =>
	policy("AuthorizationPolicy", "p", {action, rules: [{to: [{operation: {methods: ["GET"]}}]}]})
const l4 = policy("AuthorizationPolicy", "p", {rules: [{from: [{source: {namespaces: ["web"]}}]}]})
const strict = policy("PeerAuthentication", "default", {mtls: {mode: "STRICT"}})
const route = policy("HTTPRoute", "r", {
	parentRefs: [{group: "", kind: "Service", name: "cart"}],
	rules: [{timeouts: {request: "1s"}}],
})
const attached = policy("AuthorizationPolicy", "p", {
	targetRefs: [{kind: "Service", name: "cart"}],
	rules: [{to: [{operation: {methods: ["GET"]}}]}],
})

describe("hazards of Kmesh", () => {
	const cases: readonly (readonly [
		name: string,
		objects: readonly KubeObject[],
		wanted: readonly string[],
	])[] = [
		["an ordinary namespace has none", [pod("cart"), service("cart")], []],
		[
			"strict mTLS cannot be honoured",
			[strict],
			["block KmeshHasNoWorkloadMTLS PeerAuthentication/shop/default"],
		],
		[
			"HTTP attributes of a DENY are dropped",
			[l7("DENY")],
			["block KmeshIgnoresHTTPAttributes AuthorizationPolicy/shop/p"],
		],
		["and of an ALLOW", [l7("ALLOW")], ["block KmeshIgnoresHTTPAttributes AuthorizationPolicy/shop/p"]],
		["CUSTOM is not known", [l7("CUSTOM")], ["block KmeshIgnoresPolicy AuthorizationPolicy/shop/p"]],
		[
			"L4 rules are judged beside the connection",
			[l4],
			["accept KmeshAuthorizationLags AuthorizationPolicy/shop/p"],
		],
		[
			"tokens are not verified at pods",
			[policy("RequestAuthentication", "jwt", {jwtRules: [{issuer: "i"}]}), ...carrying],
			["block KmeshIgnoresPolicy RequestAuthentication/shop/jwt"],
		],
		[
			"no extension runs at pods",
			[policy("WasmPlugin", "audit", {url: "oci://registry.example/a"}), ...carrying],
			["block KmeshIgnoresPolicy WasmPlugin/shop/audit"],
		],
		[
			"egress is not limited",
			[policy("Sidecar", "s", {outboundTrafficPolicy: {mode: "REGISTRY_ONLY"}})],
			["block EgressRestrictionIgnored Sidecar/shop/s"],
		],
		["a route with a waypoint of Kmesh's image is carried", [route, ...carrying], []],
		["a policy that is attached to it too", [attached, ...carrying], []],
		[
			"without a waypoint the policy is skipped",
			[attached, service("cart")],
			["block PolicyTargetsMissingWaypoint AuthorizationPolicy/shop/p"],
		],
		[
			"Istio's own waypoint does not understand Kmesh",
			[route, waypoint()],
			["block WaypointWithoutKmeshImage Gateway/shop/waypoint"],
		],
		["where no rule needs it, it does not matter", [waypoint()], []],
		[
			"callers with sidecars skip it",
			[route, ...carrying, sidecarPod("web", {namespace: "web"})],
			["accept SidecarCallersBypassWaypoint"],
		],
		[
			"a NetworkPolicy may cut the way to it",
			[
				pod("cart"),
				route,
				...carrying,
				networkPolicy("out", {
					podSelector: {},
					policyTypes: ["Egress"],
					egress: [{to: [{podSelector: {}}], ports: [{port: 8080}]}],
				}),
			],
			["block NetworkPolicyBlocksKmeshWaypoint NetworkPolicy/shop/out"],
		],
		[
			"subsets are not supported at a waypoint",
			[policy("DestinationRule", "d", {host: "cart", subsets: [{name: "v1"}]})],
			["block SubsetsUnsupported DestinationRule/shop/d"],
		],
		["a node without the agent", [pod("cart", {node: "n2"})], ["block NodeWithoutKmeshAgent"]],
		[
			"a policy elsewhere knows the namespace by its identity",
			[
				policy(
					"AuthorizationPolicy",
					"from-shop",
					{rules: [{from: [{source: {namespaces: ["shop"]}}]}]},
					{namespace: "web"},
				),
			],
			["block IdentityLostForPeers AuthorizationPolicy/web/from-shop"],
		],
		[
			"unless all of it is on Kmesh, which knows callers by their addresses",
			[
				kmeshPod("web", {namespace: "web"}),
				policy(
					"AuthorizationPolicy",
					"from-shop",
					{rules: [{from: [{source: {namespaces: ["shop"]}}]}]},
					{namespace: "web"},
				),
			],
			[],
		],
	]
	test.each(cases)("%s", (_, objects, wanted) => {
		expect(hazardsOf(objects)).toEqual(wanted)
	})

	test.each(["1.22.8", "1.26.0", "1.31.1"])("a waypoint under Istio %s is refused", (version) => {
		expect(hazardsOf([route, ...carrying], world(version))).toEqual(["block KmeshWaypointUnsupported"])
	})

	test("without a version of Kmesh nobody knows whose waypoint to bring", () => {
		expect(hazardsOf([route], world("1.25.3", {version: "latest"}))).toEqual([
			"block WaypointWithoutKmeshImage",
		])
	})

	test("what the profile alone requires needs a waypoint as well", () => {
		const snapshot = snapshotOf([...world(), waypoint()])
		const uses = [{name: "HTTPRetry" as const, usedBy: ["MeshProfile/payments"]}]
		const found = kmesh.hazards(snapshot, {...moveTo("kmesh"), uses})
		expect(brief(found)).toEqual(["block WaypointWithoutKmeshImage Gateway/shop/waypoint"])
	})

	test("in its kernel-native mode nothing enforces a policy, and no waypoint is used", () => {
		expect(hazardsOf([l4, route, ...carrying], world("1.25.3", {mode: "kernel-native"}))).toEqual([
			"block KmeshKernelNativeUnenforced AuthorizationPolicy/shop/p",
			"block KmeshKernelNativeUnenforced HTTPRoute/shop/r",
		])
	})
})
