import {describe, expect, test} from "vitest"
import {inUse} from "./in-use.ts"
import {dataplanes} from "./registry.ts"
import {kindIdOf} from "./snapshot/kinds.ts"
import {type KubeObject, refOf} from "./snapshot/object.ts"
import {snapshotOf} from "./snapshot/snapshot.ts"
import {
	cronJob,
	deployment,
	gateway,
	job,
	namespace,
	networkPolicy,
	node,
	policy,
	service,
} from "./testing/builders.ts"
import {moveTo} from "./testing/cases.ts"
import {ciliumAgents, clusterwide, dataplaneV2} from "./testing/cilium.ts"
import {istiod} from "./testing/istio.ts"
import {linkerdPolicy} from "./testing/linkerd.ts"

const cart = deployment("cart", {template: {metadata: {labels: {app: "cart"}}}})
const shop = [namespace("shop"), cart]
const cilium = ciliumAgents({nodes: ["n1"]})
const http = [{to: [{operation: {methods: ["GET"]}}]}]
const onCart = {
	parentRefs: [{group: "", kind: "Service", name: "cart"}],
	rules: [{backendRefs: [{name: "cart", port: 80}]}],
}
const inRoot = {namespace: "istio-system"}
const cnp = {
	endpointSelector: {},
	ingress: [{toPorts: [{ports: [{port: "80"}], rules: {http: [{method: "GET"}]}}]}],
}
const template = (metadata: object, spec: object = {}) => ({
	template: {metadata: {labels: {app: "cart"}, ...metadata}, spec},
})

const authorizing = (kind: string, name: string) =>
	linkerdPolicy("AuthorizationPolicy", "by", {
		targetRef: {kind: "Server", name: "s"},
		requiredAuthenticationRefs: [{kind, name}],
	})

type Case = readonly [what: string, object: KubeObject, wanted: string, around?: readonly KubeObject[]]

const named = (cases: readonly Case[]) => cases.map((one) => [one[0], one] as const)

/** By an object of each kind that may change what a namespace needs: the feature that it makes use of. */
const features: readonly Case[] = [
	[
		"VirtualService",
		policy("VirtualService", "v", {hosts: ["cart"], http: [{timeout: "1s"}]}),
		"HTTPTimeout",
	],
	[
		"DestinationRule",
		policy("DestinationRule", "d", {host: "cart", trafficPolicy: {outlierDetection: {}}}),
		"OutlierDetection",
	],
	["AuthorizationPolicy", policy("AuthorizationPolicy", "a", {rules: http}), "L7Authorization"],
	[
		"RequestAuthentication",
		policy("RequestAuthentication", "r", {jwtRules: [{issuer: "i"}]}),
		"JWTAuthentication",
	],
	["PeerAuthentication", policy("PeerAuthentication", "p", {mtls: {mode: "STRICT"}}), "MTLSStrict"],
	[
		"EnvoyFilter",
		policy("EnvoyFilter", "e", {configPatches: [{applyTo: "HTTP_FILTER"}]}),
		"ProxyCustomization",
	],
	["WasmPlugin", policy("WasmPlugin", "w", {url: "oci://x"}), "WasmExtension"],
	["TrafficExtension", policy("TrafficExtension", "t", {wasm: {url: "oci://x"}}), "WasmExtension"],
	["Telemetry", policy("Telemetry", "t", {tracing: [{}]}), "Tracing"],
	["Sidecar", policy("Sidecar", "s", {outboundTrafficPolicy: {mode: "REGISTRY_ONLY"}}), "EgressByFQDN"],
	["ServiceEntry", policy("ServiceEntry", "s", {hosts: ["pay.example"]}), "EgressByFQDN"],
	[
		"AuthorizationPolicy of the mesh",
		policy("AuthorizationPolicy", "a", {rules: http}, inRoot),
		"L7Authorization",
	],
	[
		"PeerAuthentication of the mesh",
		policy("PeerAuthentication", "p", {mtls: {mode: "STRICT"}}, inRoot),
		"MTLSStrict",
	],
	[
		"EnvoyFilter of the mesh",
		policy("EnvoyFilter", "e", {configPatches: [{}]}, inRoot),
		"ProxyCustomization",
	],
	["Telemetry of the mesh", policy("Telemetry", "t", {accessLogging: [{}]}, inRoot), "AccessLogs"],
	["HTTPRoute", policy("HTTPRoute", "h", onCart), "HTTPHeaderRouting"],
	["GRPCRoute", policy("GRPCRoute", "g", onCart), "GRPCRouting"],
	["TCPRoute", policy("TCPRoute", "t", onCart), "TCPRouting"],
	["TLSRoute", policy("TLSRoute", "t", onCart), "TCPRouting"],
	[
		"HTTPRoute of a consumer",
		policy("HTTPRoute", "h", {
			parentRefs: [{kind: "Service", name: "pay", namespace: "bank"}],
			rules: [{timeouts: {request: "1s"}}],
		}),
		"HTTPTimeout",
	],
	[
		"BackendTLSPolicy",
		policy("BackendTLSPolicy", "b", {
			targetRefs: [{kind: "Service", name: "cart"}],
			validation: {hostname: "c"},
		}),
		"BackendTLS",
	],
	[
		"BackendTLSPolicy of a callee",
		policy(
			"BackendTLSPolicy",
			"b",
			{targetRefs: [{kind: "Service", name: "pay"}], validation: {hostname: "p"}},
			{namespace: "bank"},
		),
		"BackendTLS",
		[policy("HTTPRoute", "h", {...onCart, rules: [{backendRefs: [{name: "pay", namespace: "bank"}]}]})],
	],
	["Server", linkerdPolicy("Server", "s", {podSelector: {}, port: 80}), "L4Authorization"],
	[
		"Linkerd's AuthorizationPolicy",
		linkerdPolicy("AuthorizationPolicy", "a", {targetRef: {kind: "HTTPRoute", name: "h"}}),
		"L7Authorization",
	],
	[
		"Linkerd's HTTPRoute",
		linkerdPolicy("HTTPRoute", "h", {...onCart, rules: [{timeouts: {request: "1s"}}]}),
		"HTTPTimeout",
	],
	[
		"ServiceProfile",
		linkerdPolicy("ServiceProfile", "cart.shop.svc.cluster.local", {
			routes: [{isRetryable: true, condition: {}}],
		}),
		"HTTPRetry",
	],
	[
		"HTTPLocalRateLimitPolicy",
		linkerdPolicy("HTTPLocalRateLimitPolicy", "l", {targetRef: {kind: "Server", name: "s"}}),
		"LocalRateLimit",
	],
	["EgressNetwork", linkerdPolicy("EgressNetwork", "e", {trafficPolicy: "Deny"}), "EgressByFQDN"],
	["retry.linkerd.io", service("cart", {annotations: {"retry.linkerd.io/http": "5xx"}}), "HTTPRetry"],
	["timeout.linkerd.io", service("cart", {annotations: {"timeout.linkerd.io/request": "1s"}}), "HTTPTimeout"],
	[
		"balancer.linkerd.io",
		service("cart", {annotations: {"balancer.linkerd.io/failure-accrual": "consecutive"}}),
		"OutlierDetection",
	],
	[
		"config.linkerd.io",
		deployment("log", template({annotations: {"config.linkerd.io/access-log": "json"}})),
		"AccessLogs",
	],
	["CiliumNetworkPolicy", policy("CiliumNetworkPolicy", "c", cnp), "L7Authorization", cilium],
	[
		"CiliumClusterwideNetworkPolicy",
		clusterwide("CiliumClusterwideNetworkPolicy", "c", cnp),
		"L7Authorization",
		cilium,
	],
	[
		"CiliumEnvoyConfig",
		policy("CiliumEnvoyConfig", "c", {services: [{name: "cart", namespace: "shop"}], resources: []}),
		"ProxyCustomization",
		[...cilium, service("cart")],
	],
	[
		"CiliumLocalRedirectPolicy",
		policy("CiliumLocalRedirectPolicy", "l", {redirectFrontend: {}}),
		"WorkloadLoadBalancing",
		cilium,
	],
	[
		"FQDNNetworkPolicy",
		policy("FQDNNetworkPolicy", "f", {egress: [{}]}),
		"EgressByFQDN",
		dataplaneV2({nodes: ["n1"]}),
	],
	[
		"CiliumClusterwideEnvoyConfig",
		clusterwide("CiliumClusterwideEnvoyConfig", "c", {services: [{name: "cart", namespace: "shop"}]}),
		"ProxyCustomization",
		[...cilium, service("cart")],
	],
	["Gateway", gateway("edge"), "Ingress"],
	["Istio's Gateway", {...policy("VirtualService", "edge", {servers: [{}]}), kind: "Gateway"}, "Ingress"],
	[
		"ServerAuthorization",
		linkerdPolicy("ServerAuthorization", "s", {server: {name: "s"}, client: {}}),
		"L4Authorization",
	],
	[
		"MeshTLSAuthentication",
		linkerdPolicy("MeshTLSAuthentication", "m", {identities: ["*"]}),
		"L4Authorization",
		[authorizing("MeshTLSAuthentication", "m")],
	],
	[
		"NetworkAuthentication",
		linkerdPolicy("NetworkAuthentication", "n", {networks: [{cidr: "10.0.0.0/8"}]}),
		"L4Authorization",
		[authorizing("NetworkAuthentication", "n")],
	],
	["UDP", service("dns", {ports: [{port: 53, protocol: "UDP"}]}), "UDPCapture"],
]

describe("each kind is read", () => {
	test.each(named(features))("%s", (_, [, object, wanted, around = []]) => {
		const {features: found, reasons} = inUse(snapshotOf([...shop, ...istiod(), ...around, object]), "shop")
		expect(reasons).toEqual([])
		expect(found.filter(({usedBy}) => usedBy.includes(refOf(object))).map(({name}) => name)).toContain(wanted)
	})

	/** What is no feature of a dataplane, but a fact that some of them do not bear: it is a reason there. */
	const facts: readonly Case[] = [
		["a Sidecar that tunes", policy("Sidecar", "s", {egress: [{hosts: ["./*"]}]}), "SidecarResourceIgnored"],
		["ProxyConfig", policy("ProxyConfig", "p", {concurrency: 1}), "SidecarResourceIgnored"],
		["hostNetwork", deployment("agent", template({}, {hostNetwork: true})), "HostNetworkNotCaptured"],
		["server-first ports", service("db", {ports: [{port: 3306}]}), "ServerFirstProtocol"],
		[
			"probes",
			deployment("probed", template({}, {containers: [{name: "app", readinessProbe: {httpGet: {}}}]})),
			"NetworkPolicyBlocksHBONE",
			[networkPolicy("closed", {podSelector: {}, policyTypes: ["Ingress"], ingress: []})],
		],
		["Jobs", job("once"), "JobsHangWithoutNativeSidecars"],
		["CronJobs", cronJob("nightly"), "JobsHangWithoutNativeSidecars"],
		[
			"NetworkPolicy on 15008",
			networkPolicy("in", {podSelector: {}, ingress: [{ports: [{port: 80}]}]}),
			"NetworkPolicyBlocksHBONE",
		],
		[
			"NetworkPolicy on 4143",
			networkPolicy("in", {podSelector: {}, ingress: [{ports: [{port: 80}]}]}),
			"NetworkPolicyBlocksLinkerd",
		],
	]
	test.each(named(facts))("%s", (_, [, object, wanted, around = []]) => {
		const snapshot = snapshotOf([node("n1", {kubelet: "v1.32.0"}), ...shop, ...istiod(), ...around, object])
		const told = dataplanes.flatMap((one) => one.hazards(snapshot, moveTo(one.name, {version: "2.19.0"})))
		expect(told.filter((one) => one.object === refOf(object)).map(({code}) => code)).toContain(wanted)
	})

	test("no kind that a dataplane reads is left out of this list", () => {
		const seen = new Set([...features, ...facts].map((one) => kindIdOf(one[1])))
		/** They tell what is installed and where pods are, and are used by nobody. */
		const told = ["GatewayClass.gateway.networking.k8s.io", "CiliumEndpoint.cilium.io"]
		const means = new Set(
			dataplanes.flatMap(({reads}) => reads.filter(({only}) => only === undefined).map(({id}) => id)),
		)
		expect([...means].filter((id) => !seen.has(id) && !told.includes(id)).sort()).toEqual([])
	})
})
