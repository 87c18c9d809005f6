import {describe, expect, test} from "vitest"
import {inUse} from "../../in-use.ts"
import type {KubeObject} from "../../snapshot/object.ts"
import {snapshotOf} from "../../snapshot/snapshot.ts"
import {deployment, gateway, namespace, policy, service, waypoint} from "../../testing/builders.ts"
import {istiod} from "../../testing/istio.ts"

const world = [namespace("shop"), deployment("cart"), service("cart"), ...istiod()]
const namesWith = (...objects: KubeObject[]) =>
	inUse(snapshotOf([...world, ...objects]), "shop").features.map(({name}) => name)
const route = (extra: object, spec: object = {}) =>
	policy("VirtualService", "cart", {
		hosts: ["cart"],
		http: [{route: [{destination: {host: "cart"}}], ...extra}],
		...spec,
	})
const rule = (trafficPolicy: object, extra: object = {}) =>
	policy("DestinationRule", "cart", {host: "cart", trafficPolicy, ...extra})
const to = (operation: object) => ({rules: [{to: [{operation}]}]})
const root = {namespace: "istio-system"}

const cases: readonly (readonly [name: string, object: KubeObject, wanted: readonly string[]])[] = [
	[
		"a rule by principals is L4",
		policy("AuthorizationPolicy", "p", {rules: [{from: [{source: {principals: ["a"]}}]}]}),
		["L4Authorization"],
	],
	[
		"a rule by methods is L7",
		policy("AuthorizationPolicy", "p", to({methods: ["GET"]})),
		["L7Authorization"],
	],
	[
		"a condition on a header is L7",
		policy("AuthorizationPolicy", "p", {rules: [{when: [{key: "request.headers[x]", values: ["1"]}]}]}),
		["L7Authorization"],
	],
	[
		"a condition on the port is L4",
		policy("AuthorizationPolicy", "p", {rules: [{when: [{key: "destination.port", values: ["80"]}]}]}),
		["L4Authorization"],
	],
	[
		"request principals ask for tokens",
		policy("AuthorizationPolicy", "p", {rules: [{from: [{source: {requestPrincipals: ["*"]}}]}]}),
		["L7Authorization", "JWTAuthentication"],
	],
	[
		"DENY is explicit",
		policy("AuthorizationPolicy", "p", {action: "DENY", ...to({ports: ["80"]})}),
		["L4Authorization", "ExplicitDeny"],
	],
	["an empty policy denies everything at L4", policy("AuthorizationPolicy", "p", {}), ["L4Authorization"]],
	[
		"an external authorizer is L7",
		policy("AuthorizationPolicy", "p", {action: "CUSTOM", provider: {name: "opa"}}),
		["L7Authorization"],
	],
	[
		"a policy of the root namespace holds here too",
		policy("AuthorizationPolicy", "p", {rules: []}, root),
		["L4Authorization"],
	],
	[
		"unless its selector selects nothing here",
		policy("AuthorizationPolicy", "p", {selector: {matchLabels: {app: "other"}}}, root),
		[],
	],
	[
		"a policy of another namespace does not",
		policy("AuthorizationPolicy", "p", {rules: []}, {namespace: "bank"}),
		[],
	],
	["STRICT is a feature", policy("PeerAuthentication", "p", {mtls: {mode: "STRICT"}}), ["MTLSStrict"]],
	[
		"a strict port too",
		policy("PeerAuthentication", "p", {
			selector: {matchLabels: {app: "cart"}},
			mtls: {mode: "PERMISSIVE"},
			portLevelMtls: {"80": {mode: "STRICT"}},
		}),
		["MTLSStrict", "MTLSPermissive"],
	],
	[
		"the mesh's mode counts",
		policy("PeerAuthentication", "p", {mtls: {mode: "STRICT"}}, root),
		["MTLSStrict"],
	],
	["tokens", policy("RequestAuthentication", "p", {jwtRules: [{issuer: "a"}]}), ["JWTAuthentication"]],
	["a timeout", route({timeout: "1s"}), ["HTTPTimeout"]],
	["retries", route({retries: {attempts: 2}}), ["HTTPRetry"]],
	["a mirror", route({mirror: {host: "b"}}), ["RequestMirroring"]],
	["a rewrite", route({rewrite: {uri: "/"}}), ["URLRewrite"]],
	["a fault", route({fault: {abort: {httpStatus: 500}}}), ["FaultInjection"]],
	["a match by header", route({match: [{headers: {x: {exact: "1"}}}]}), ["HTTPHeaderRouting"]],
	[
		"weights",
		route({
			route: [
				{destination: {host: "a"}, weight: 9},
				{destination: {host: "b"}, weight: 1},
			],
		}),
		["TrafficSplit"],
	],
	["a bare route is still routing by HTTP", route({}), ["HTTPHeaderRouting"]],
	[
		"routes of TCP",
		policy("VirtualService", "v", {hosts: ["cart"], tcp: [{route: [{destination: {host: "a"}}]}]}),
		["TCPRouting"],
	],
	[
		"a route of a gateway alone is the gateway's business",
		route({timeout: "1s"}, {gateways: ["public"]}),
		["Ingress"],
	],
	[
		"a route of both counts for both",
		route({timeout: "1s"}, {gateways: ["public", "mesh"]}),
		["HTTPTimeout", "Ingress"],
	],
	[
		"another namespace's route to a service here counts",
		{
			...route({timeout: "1s"}, {hosts: ["cart.shop.svc.cluster.local"]}),
			metadata: {name: "v", namespace: "bank"},
		},
		["HTTPTimeout"],
	],
	[
		"unless it is not exported",
		{
			...route({timeout: "1s"}, {hosts: ["cart.shop.svc.cluster.local"], exportTo: ["."]}),
			metadata: {name: "v", namespace: "bank"},
		},
		[],
	],
	["outlier detection", rule({outlierDetection: {}}), ["OutlierDetection"]],
	["limits of connections", rule({connectionPool: {tcp: {maxConnections: 1}}}), ["OutlierDetection"]],
	["consistent hashing", rule({loadBalancer: {consistentHash: {useSourceIp: true}}}), ["SessionAffinity"]],
	["locality", rule({loadBalancer: {localityLbSetting: {enabled: true}}}), ["ZoneAwareLoadBalancing"]],
	[
		"a balancer by name, per port",
		rule({portLevelSettings: [{loadBalancer: {simple: "LEAST_REQUEST"}}]}),
		["WorkloadLoadBalancing"],
	],
	["egress by name", policy("ServiceEntry", "e", {hosts: ["api.example.com"]}), ["EgressByFQDN"]],
	[
		"an entry inside of the mesh is no egress",
		policy("ServiceEntry", "e", {hosts: ["vm.shop"], location: "MESH_INTERNAL"}),
		[],
	],
	[
		"a patch of the proxy",
		policy("EnvoyFilter", "f", {configPatches: [{patch: {value: {name: "lua"}}}]}),
		["ProxyCustomization"],
	],
	[
		"a patch of gateways alone is the gateways' business",
		policy("EnvoyFilter", "f", {configPatches: [{match: {context: "GATEWAY"}}]}),
		[],
	],
	[
		"a rate limit by patch",
		policy("EnvoyFilter", "f", {
			configPatches: [{patch: {value: {name: "envoy.filters.http.local_ratelimit"}}}],
		}),
		["LocalRateLimit", "ProxyCustomization"],
	],
	["a module", policy("WasmPlugin", "w", {url: "oci://a"}), ["WasmExtension"]],
	[
		"a Lua extension is a patch by other means",
		policy("TrafficExtension", "w", {lua: {inline: ""}}),
		["ProxyCustomization"],
	],
	[
		"traces, logs and metrics",
		policy("Telemetry", "t", {tracing: [{}], accessLogging: [{}], metrics: [{}]}),
		["Tracing", "AccessLogs", "L7Metrics"],
	],
	["telemetry of the mesh", policy("Telemetry", "t", {tracing: [{}]}, root), ["Tracing"]],
]

describe("features in use by Istio's objects", () => {
	test.each(cases)("%s", (_, object, wanted) => {
		expect(namesWith(object)).toEqual(wanted)
	})

	test("a policy on an ingress gateway is enforced there, one on a waypoint is the namespace's", () => {
		const on = (name: string) =>
			policy("AuthorizationPolicy", "p", {targetRefs: [{kind: "Gateway", name}], ...to({paths: ["/"]})})
		expect(namesWith(gateway("public"), on("public"))).toEqual(["Ingress"])
		expect(namesWith(waypoint(), on("waypoint"))).toEqual(["L7Authorization"])
	})

	test("objects that use a feature are named once, in order", () => {
		const two = ["b", "a"].map((name) => policy("RequestAuthentication", name, {jwtRules: [{issuer: "x"}]}))
		expect(inUse(snapshotOf([...world, ...two]), "shop").features).toEqual([
			{name: "JWTAuthentication", usedBy: ["RequestAuthentication/shop/a", "RequestAuthentication/shop/b"]},
		])
	})
})
