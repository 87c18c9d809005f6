import {describe, expect, test} from "vitest"
import type {KubeObject} from "../snapshot/object.ts"
import type {Gateway} from "../snapshot/shapes.ts"
import {snapshotOf} from "../snapshot/snapshot.ts"
import {
	ambientPod,
	deployment,
	gateway,
	namespace,
	pod,
	policy,
	service,
	sidecarPod,
	waypoint,
} from "../testing/builders.ts"
import {brief, moveTo} from "../testing/cases.ts"
import {ambientAgents} from "../testing/istio.ts"
import {istioAmbient} from "./index.ts"

const hazardsOf = (...objects: KubeObject[]) =>
	brief(istioAmbient.hazards(snapshotOf(objects), moveTo("istio-ambient")))
const authorization = (spec: object, options = {}) => policy("AuthorizationPolicy", "p", spec, options)
const p = "AuthorizationPolicy/shop/p"
const from = [{source: {principals: ["cluster.local/ns/web/sa/web"]}}]
const deleting = {operation: {methods: ["DELETE"]}}
const onPort = {operation: {ports: ["80"]}}
const onService = {targetRefs: [{kind: "Service", name: "cart"}]}
const allowing = (gateway: Gateway, namespaces: object) => ({
	...gateway,
	spec: {
		...gateway.spec,
		listeners: [{name: "mesh", port: 15008, protocol: "HBONE", allowedRoutes: {namespaces}}],
	},
})
const bound = service("cart", {labels: {"istio.io/use-waypoint": "waypoint"}})

describe("policies at ztunnel", () => {
	const cases: readonly (readonly [name: string, spec: object, wanted: readonly string[]])[] = [
		["L4 rules are exact", {action: "DENY", rules: [{from, to: [onPort]}]}, []],
		[
			"DENY by methods from a caller is a no-op",
			{action: "DENY", rules: [{from, to: [deleting]}]},
			[`block L7DenyIsNoOpAtZtunnel ${p}`],
		],
		[
			"DENY by a request's condition is a no-op",
			{action: "DENY", rules: [{from, when: [{key: "request.headers[x]", values: ["1"]}]}]},
			[`block L7DenyIsNoOpAtZtunnel ${p}`],
		],
		[
			"one alternative by methods is lost beside one by ports",
			{action: "DENY", rules: [{to: [onPort, deleting]}]},
			[`block L7DenyIsNoOpAtZtunnel ${p}`],
		],
		[
			"DENY by methods on a port denies the port",
			{action: "DENY", rules: [{to: [{operation: {methods: ["DELETE"], ports: ["80"]}}]}]},
			[`block L7DenyOverDeniesAtZtunnel ${p}`],
		],
		[
			"DENY by a token is a no-op",
			{action: "DENY", rules: [{from: [{source: {notRequestPrincipals: ["*"]}}]}]},
			[`block L7DenyIsNoOpAtZtunnel ${p}`],
		],
		[
			"a trust domain is left out there",
			{action: "DENY", rules: [{from: [{source: {trustDomains: ["td"]}}]}]},
			[`block L7DenyIsNoOpAtZtunnel ${p}`],
		],
		[
			"ALLOW by a trust domain and a namespace lets in those of every trust domain",
			{rules: [{from: [{source: {trustDomains: ["td"], namespaces: ["web"]}}]}]},
			[`block TrustDomainsLeftOutAtZtunnel ${p}`],
		],
		[
			"ALLOW by a trust domain alone denies what it allows",
			{rules: [{from: [{source: {trustDomains: ["td"]}}]}]},
			[`block L7AllowOverDeniesAtZtunnel ${p}`],
		],
		[
			"ALLOW by paths denies what it allows",
			{rules: [{to: [{operation: {paths: ["/"]}}]}]},
			[`block L7AllowOverDeniesAtZtunnel ${p}`],
		],
		[
			"an external authorizer is ignored",
			{action: "CUSTOM", provider: {name: "opa"}},
			[`block ActionUnsupportedAtZtunnel ${p}`],
		],
		["so is AUDIT", {action: "AUDIT", rules: [{from}]}, [`block ActionUnsupportedAtZtunnel ${p}`]],
	]
	test.each(cases)("%s", (_, spec, wanted) => {
		expect(hazardsOf(namespace("shop"), authorization(spec))).toEqual(wanted)
	})

	test("a policy of the mesh counts like the namespace's own", () => {
		const found = hazardsOf(
			authorization({action: "DENY", rules: [{to: [deleting]}]}, {namespace: "istio-system"}),
		)
		expect(found).toEqual(["block L7DenyIsNoOpAtZtunnel AuthorizationPolicy/istio-system/p"])
	})

	test("what is only tried out is not enforced now either", () => {
		expect(
			hazardsOf(
				authorization(
					{action: "DENY", rules: [{to: [deleting]}]},
					{annotations: {"istio.io/dry-run": "true"}},
				),
			),
		).toEqual([])
	})

	test("tokens and modules that select pods are not looked at", () => {
		expect(hazardsOf(policy("RequestAuthentication", "jwt", {}), policy("WasmPlugin", "w", {}))).toEqual([
			"block JWTNotVerifiedAtZtunnel RequestAuthentication/shop/jwt",
			"block ExtensionNotRunAtZtunnel WasmPlugin/shop/w",
		])
	})

	test("mTLS cannot be switched off, nor egress be limited", () => {
		const off = policy("PeerAuthentication", "off", {mtls: {mode: "DISABLE"}})
		const limited = policy("Sidecar", "default", {outboundTrafficPolicy: {mode: "REGISTRY_ONLY"}})
		expect(hazardsOf(off, limited, policy("Sidecar", "tuned", {}))).toEqual([
			"block PeerAuthenticationDisableIgnored PeerAuthentication/shop/off",
			"block EgressRestrictionIgnored Sidecar/shop/default",
			"info SidecarResourceIgnored Sidecar/shop/tuned",
		])
	})
})

describe("policies at a waypoint", () => {
	const attached = authorization({...onService, action: "DENY", rules: [{to: [deleting]}]})

	test("a Service with a programmed waypoint carries them", () => {
		expect(hazardsOf(namespace("shop"), bound, waypoint(), attached)).toEqual([])
	})

	test("the namespace's waypoint is its Services' too, and may be elsewhere", () => {
		const shop = namespace("shop", {
			"istio.io/use-waypoint": "shared",
			"istio.io/use-waypoint-namespace": "infra",
		})
		const missed = [`block PolicyTargetsMissingWaypoint ${p}`]
		const shared = waypoint("shared", {namespace: "infra"})
		expect(hazardsOf(shop, service("cart"), allowing(shared, {from: "All"}), attached)).toEqual([])
		const selector = {matchLabels: {"kubernetes.io/metadata.name": "shop"}}
		expect(
			hazardsOf(shop, service("cart"), allowing(shared, {from: "Selector", selector}), attached),
		).toEqual([])
		expect(hazardsOf(shop, service("cart"), allowing(shared, {from: "Same"}), attached)).toEqual(missed)
		expect(hazardsOf(shop, service("cart"), shared, attached)).toEqual(missed)
	})

	test("a ServiceEntry is a target like a Service", () => {
		const onEntry = authorization({
			targetRefs: [{group: "networking.istio.io", kind: "ServiceEntry", name: "pay"}],
			action: "DENY",
			rules: [{to: [deleting]}],
		})
		const entry = (labels = {}) => policy("ServiceEntry", "pay", {hosts: ["pay.example"]}, {labels})
		const missed = [`block PolicyTargetsMissingWaypoint ${p}`]
		expect(hazardsOf(waypoint(), onEntry)).toEqual(missed)
		expect(hazardsOf(waypoint(), entry(), onEntry)).toEqual(missed)
		expect(hazardsOf(waypoint(), entry({"istio.io/use-waypoint": "waypoint"}), onEntry)).toEqual([])
	})

	const forWorkloads = {namespace: "", labels: {"istio.io/waypoint-for": "workload"}}

	test("a waypoint's own label goes before that of its class", () => {
		const own = waypoint("waypoint", {labels: {"istio.io/waypoint-for": "all"}})
		expect(
			hazardsOf(bound, own, policy("GatewayClass", "istio-waypoint", {}, forWorkloads), attached),
		).toEqual([])
	})

	test("a field of a source that nobody here has heard of is one that ztunnel does not check", () => {
		const deny = authorization({action: "DENY", rules: [{from: [{source: {workloadGroups: ["a"]}}]}]})
		expect(hazardsOf(deny)).toEqual([`block L7DenyIsNoOpAtZtunnel ${p}`])
	})

	const missing: readonly (readonly [name: string, objects: readonly KubeObject[]])[] = [
		["there is no such Service", []],
		["the Service uses none", [service("cart")]],
		["the Service opts out", [service("cart", {labels: {"istio.io/use-waypoint": "none"}}), waypoint()]],
		["the Gateway is not there", [bound]],
		["the Gateway is not programmed", [bound, waypoint("waypoint", {programmed: false})]],
		["the Gateway is no waypoint", [bound, gateway("waypoint")]],
		[
			"the waypoint is for workloads alone",
			[bound, waypoint("waypoint", {labels: {"istio.io/waypoint-for": "workload"}})],
		],
		[
			"waypoints of its class are for workloads alone",
			[
				bound,
				waypoint(),
				policy("GatewayClass", "istio-waypoint", {controllerName: "istio.io/mesh-controller"}, forWorkloads),
			],
		],
		[
			"the namespace opts out",
			[namespace("shop", {"istio.io/use-waypoint": "none"}), service("cart"), waypoint()],
		],
	]
	test.each(missing)("are skipped when %s", (_, objects) => {
		expect(hazardsOf(...objects, attached)).toEqual([`block PolicyTargetsMissingWaypoint ${p}`])
	})

	test("do not hold for callers that still have sidecars", () => {
		expect(hazardsOf(bound, waypoint(), attached, sidecarPod("web", {namespace: "web"}))).toEqual([
			"accept SidecarCallersBypassWaypoint",
		])
	})
})

describe("routes in ambient", () => {
	const virtualService = (spec: object) => policy("VirtualService", "v", {hosts: ["cart"], ...spec})
	const alpha = "accept VirtualServiceIsAlphaAtWaypoint VirtualService/shop/v"

	const cases: readonly (readonly [
		name: string,
		objects: readonly KubeObject[],
		wanted: readonly string[],
	])[] = [
		["a VirtualService is alpha", [virtualService({http: [{}]})], [alpha]],
		["one of a gateway is the gateway's", [virtualService({gateways: ["public"]})], []],
		[
			"a route to a subset",
			[virtualService({http: [{route: [{destination: {host: "cart", subset: "v2"}}]}]})],
			["block SubsetsUnsupported VirtualService/shop/v", alpha],
		],
		[
			"subsets of a rule",
			[policy("DestinationRule", "d", {host: "cart", subsets: [{name: "v2"}]})],
			["block SubsetsUnsupported DestinationRule/shop/d"],
		],
		[
			"forced mTLS",
			[policy("DestinationRule", "d", {host: "cart", trafficPolicy: {tls: {mode: "ISTIO_MUTUAL"}}})],
			["block DestinationRuleForcesIstioMutual DestinationRule/shop/d"],
		],
		[
			"both APIs for one host",
			[
				virtualService({hosts: ["cart.shop.svc.cluster.local"]}),
				policy("HTTPRoute", "r", {parentRefs: [{kind: "Service", name: "cart"}]}),
			],
			["block VirtualServiceMixedWithHTTPRoute VirtualService/shop/v", alpha],
		],
		[
			"a rule about another namespace's service",
			[virtualService({hosts: ["pay.bank.svc.cluster.local"]})],
			["block ClientSideRuleUnsupported VirtualService/shop/v", alpha],
		],
		[
			"a consumer's route",
			[policy("HTTPRoute", "r", {parentRefs: [{kind: "Service", name: "pay", namespace: "bank"}]})],
			["block ClientSideRuleUnsupported HTTPRoute/shop/r"],
		],
		[
			"a producer's route is carried",
			[policy("HTTPRoute", "r", {parentRefs: [{kind: "Service", name: "cart"}]})],
			[],
		],
	]
	test.each(cases)("%s", (_, objects, wanted) => {
		expect(hazardsOf(...objects)).toEqual(wanted)
	})
})

describe("workloads in ambient", () => {
	test("headless Services are reached in plaintext by sidecars", () => {
		const headless = service("db", {clusterIP: "None"})
		expect(hazardsOf(headless, ambientPod("web", {namespace: "web"}))).toEqual([])
		expect(hazardsOf(headless, sidecarPod("web", {namespace: "web"}))).toEqual([
			"accept HeadlessPlaintext Service/shop/db",
		])
	})

	test("a node of the namespace without an agent blocks", () => {
		expect(hazardsOf(...ambientAgents(["n1"]), pod("cart", {node: "n1"}))).toEqual([])
		expect(hazardsOf(...ambientAgents(["n1"]), pod("cart", {node: "n2"}))).toEqual([
			"block NodeWithoutAmbientAgent",
			"block NodeWithoutAmbientAgent",
		])
	})

	test("UDP and the host's network stay out", () => {
		const host = deployment("agent", {template: {spec: {hostNetwork: true}}})
		expect(hazardsOf(host, service("dns", {ports: [{port: 53, protocol: "UDP"}]}))).toEqual([
			"info UDPNotCaptured Service/shop/dns",
			"info HostNetworkNotCaptured Deployment/shop/agent",
		])
	})
})
