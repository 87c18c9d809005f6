import {describe, expect, test} from "vitest"
import type {Installation, Move} from "../dataplane.ts"
import type {KubeObject} from "../snapshot/object.ts"
import {snapshotOf} from "../snapshot/snapshot.ts"
import {
	cronJob,
	deployment,
	job,
	namespace,
	networkPolicy,
	node,
	pod,
	policy,
	service,
	sidecarPod,
} from "../testing/builders.ts"
import {brief, moveTo} from "../testing/cases.ts"
import {linkerdControlPlane, linkerdPod, linkerdPolicy} from "../testing/linkerd.ts"
import {linkerd} from "./index.ts"

const to = (installation: Partial<Installation> = {}): Move =>
	moveTo("linkerd", {version: "2.20.0", namespaces: ["linkerd"], ...installation})
const hazardsOf = (objects: readonly KubeObject[], move = to()) =>
	brief(linkerd.hazards(snapshotOf(objects), move))
const plane = [node("n1"), ...linkerdControlPlane()]
const plain = [node("n1"), ...linkerdControlPlane({native: false})]
const shop = namespace("shop")
const cart = deployment("cart", {podLabels: {app: "cart"}})
const outside = pod("cart-1", {labels: {app: "cart"}, owner: {kind: "ReplicaSet", name: "cart-5d"}})
const inside = linkerdPod("cart-1", {labels: {app: "cart"}, owner: {kind: "ReplicaSet", name: "cart-5d"}})
const world = [...plane, shop, cart, outside]
const server = (spec: object = {}) =>
	linkerdPolicy("Server", "http", {podSelector: {matchLabels: {app: "cart"}}, port: 8080, ...spec})
const route = (rule: object, spec: object = {}) =>
	policy("HTTPRoute", "r", {
		parentRefs: [{kind: "Service", group: "", name: "cart", port: 80}],
		rules: [{backendRefs: [{name: "cart", port: 80}], ...rule}],
		...spec,
	})
const shared = "info RouteReadByEveryMesh HTTPRoute/shop/r"
const say = (value: string) => namespace("shop", {}, {"config.linkerd.io/default-inbound-policy": value})
const closed = {podSelector: {}, ingress: [{from: [{podSelector: {}}], ports: [{port: 8080}]}]}

type Case = readonly [name: string, objects: readonly KubeObject[], wanted: readonly string[]]

describe("what Linkerd's injector leaves out", () => {
	const cases: readonly Case[] = [
		["an ordinary namespace has no hazard", world, []],
		[
			"a namespace that switched admission off",
			[...plane, namespace("shop", {"config.linkerd.io/admission-webhooks": "disabled"}), cart],
			["block LinkerdExcludesNamespace Namespace/shop"],
		],
		[
			"pods that the webhook's objectSelector leaves out",
			[...plane, shop, deployment("cart", {podLabels: {"linkerd.io/control-plane-component": "x"}})],
			["block LinkerdExcludesNamespace Deployment/shop/cart"],
		],
		[
			"a word that it does not know on the namespace",
			[...plane, namespace("shop", {}, {"linkerd.io/inject": "true"})],
			["block LinkerdInjectInvalid Namespace/shop"],
		],
		[
			"the namespace's opt-out is overruled by pods",
			[...plane, namespace("shop", {}, {"linkerd.io/inject": "disabled"})],
			[],
		],
		[
			"linkerd-init where Pod Security forbids it",
			[...plane, namespace("shop", {"pod-security.kubernetes.io/enforce": "baseline"})],
			["block PodSecurityForbidsInit Namespace/shop"],
		],
		[
			"linkerd-cni does without",
			[
				node("n1"),
				...linkerdControlPlane({cni: {nodes: 1, ready: 1}}),
				namespace("shop", {"pod-security.kubernetes.io/enforce": "restricted"}),
			],
			[],
		],
		[
			"Istio's injector comes first",
			[...plane, namespace("shop", {"istio-injection": "enabled"}), cart],
			["info BothInjectorsAsked Deployment/shop/cart"],
		],
		[
			"unless the pod opted out of it",
			[
				...plane,
				namespace("shop", {"istio-injection": "enabled"}),
				deployment("cart", {template: {metadata: {labels: {"sidecar.istio.io/inject": "false"}}}}),
			],
			[],
		],
	]
	test.each(cases)("%s", (_, objects, wanted) => {
		expect(hazardsOf(objects)).toEqual(wanted)
	})
})

describe("what only Istio enforces or reads", () => {
	const root = {namespace: "istio-system"}
	const inIstio = [
		...plane,
		shop,
		cart,
		sidecarPod("cart-1", {labels: {app: "cart"}, owner: {kind: "ReplicaSet", name: "cart-5d"}}),
	]
	const strict = policy("PeerAuthentication", "default", {mtls: {mode: "STRICT"}}, root)
	const cases: readonly Case[] = [
		[
			"a policy is enforced by nobody",
			[...inIstio, policy("AuthorizationPolicy", "p", {})],
			["block AuthorizationStopsBeingEnforced AuthorizationPolicy/shop/p"],
		],
		[
			"strict mTLS of the mesh neither",
			[...inIstio, strict],
			["block StrictMTLSStopsBeingEnforced PeerAuthentication/istio-system/default"],
		],
		["which never held for pods outside of Istio", [...world, strict], []],
		[
			"the namespace's own is meant, wherever the pods are",
			[...world, policy("RequestAuthentication", "p", {jwtRules: [{issuer: "i"}]})],
			["block JWTStopsBeingVerified RequestAuthentication/shop/p"],
		],
		[
			"an Istio limit of egress",
			[...world, policy("Sidecar", "s", {outboundTrafficPolicy: {mode: "REGISTRY_ONLY"}})],
			["block EgressRestrictionIgnored Sidecar/shop/s"],
		],
		[
			"ports that pass by Istio's proxy",
			[
				...plane,
				shop,
				outside,
				deployment("db", {
					template: {metadata: {annotations: {"traffic.sidecar.istio.io/excludeInboundPorts": "1"}}},
				}),
			],
			["accept IstioSettingNotRead Deployment/shop/db"],
		],
		[
			"a VirtualService and a rule are read by nobody",
			[
				...world,
				policy("VirtualService", "v", {hosts: ["cart"], http: [{timeout: "1s"}]}),
				policy("DestinationRule", "d", {host: "cart", trafficPolicy: {outlierDetection: {}}}),
				policy("Telemetry", "t", {tracing: [{}]}),
			],
			[
				"block IstioRoutingNotRead VirtualService/shop/v",
				"block IstioRoutingNotRead DestinationRule/shop/d",
				"accept IstioSettingNotRead Telemetry/shop/t",
			],
		],
	]
	test.each(cases)("%s", (_, objects, wanted) => {
		expect(hazardsOf(objects)).toEqual(wanted)
	})
})

describe("policies of Linkerd that begin to act", () => {
	const authorization = linkerdPolicy("AuthorizationPolicy", "web", {
		targetRef: {group: "policy.linkerd.io", kind: "Server", name: "http"},
		requiredAuthenticationRefs: [{kind: "ServiceAccount", name: "web"}],
	})
	const closes = "block LinkerdServerClosesPort Server/shop/http"
	const refuses = "accept LinkerdRefusesUnmeshed Server/shop/http"
	const older = (spec: object) => linkerdPolicy("ServerAuthorization", "s", {client: {}, ...spec})
	const cases: readonly Case[] = [
		["a Server without a policy closes its port", [...world, server()], [closes]],
		["one for other pods does not", [...world, server({podSelector: {matchLabels: {app: "web"}}})], []],
		["one that only writes down does not", [...world, server({accessPolicy: "audit"})], []],
		["where every pod is in Linkerd it is closed already", [...plane, shop, cart, inside, server()], []],
		["one with a policy admits whom it names", [...world, server(), authorization], [refuses]],
		["an older authorization by name", [...world, server(), older({server: {name: "http"}})], [refuses]],
		[
			"or by labels that the Server lacks",
			[...world, server(), older({server: {selector: {matchLabels: {a: "b"}}}})],
			[closes],
		],
		["one for callers in Linkerd only", [...world, server({accessPolicy: "all-authenticated"})], [refuses]],
		[
			"an inbound policy of the namespace",
			[
				...plane,
				namespace("shop", {}, {"config.linkerd.io/default-inbound-policy": "all-authenticated"}),
				cart,
			],
			["accept LinkerdRefusesUnmeshed Namespace/shop"],
		],
	]
	test.each(cases)("%s", (_, objects, wanted) => {
		expect(hazardsOf(objects)).toEqual(wanted)
	})

	test("Linkerd's own inbound policy, where the namespace asks for none", () => {
		const by = (value: string) =>
			deployment("linkerd-destination", {
				namespace: "linkerd",
				labels: {"linkerd.io/control-plane-component": "destination"},
				template: {spec: {containers: [{name: "policy", args: [`--default-policy=${value}`]}]}},
			})
		const told = ["accept LinkerdRefusesUnmeshed Namespace/shop"]
		const kept = [node("n1"), cart, outside]
		expect(hazardsOf([...kept, shop, by("all-authenticated")])).toEqual(told)
		expect(hazardsOf([...kept, shop, by("deny")])).toEqual(told)
		expect(hazardsOf([...kept, shop, by("cluster-unauthenticated")])).toEqual([])
		expect(hazardsOf([...kept, say("all-unauthenticated"), by("deny")])).toEqual([])
		const elsewhere = linkerdPod("web-1", {namespace: "web", inbound: "all-authenticated"})
		expect(hazardsOf([...world, elsewhere])).toEqual(told)
	})

	const asked = {...to(), uses: [{name: "MTLSStrict" as const, usedBy: ["MeshProfile/payments"]}]}
	test.each([
		["nothing says it", [shop], true],
		["the namespace says it", [say("all-authenticated")], false],
		["the namespace says otherwise", [say("all-unauthenticated")], true],
		[
			"a Server leaves a port open",
			[say("all-authenticated"), server({accessPolicy: "all-unauthenticated"})],
			true,
		],
	])("strict mTLS that a profile asks for: %s", (_, objects, admits) => {
		const found = hazardsOf([...plane, inside, cart, ...objects], asked)
		expect(found).toEqual(admits ? ["block LinkerdAdmitsPlaintext Namespace/shop"] : [])
	})
})

describe("routes as Linkerd reads them", () => {
	const mirror = {filters: [{type: "RequestMirror", requestMirror: {backendRef: {name: "shadow"}}}]}
	const ignored = ["block LinkerdRouteIgnored HTTPRoute/shop/r", shared]
	const cases: readonly Case[] = [
		["a split is read", [...world, route({matches: [{path: {value: "/a"}}]})], [shared]],
		["a mirror takes the whole route with it", [...world, route(mirror)], ignored],
		["so does a rewrite", [...world, route({filters: [{type: "URLRewrite"}]})], ignored],
		["and a filter that is newer", [...world, route({filters: [{type: "CORS"}]})], ignored],
		["and a field that is newer", [...world, route({}, {useDefaultGateways: "All"})], ignored],
		[
			"a filter on a backend fails its requests",
			[...world, route({backendRefs: [{name: "cart", port: 80, filters: [{type: "URLRewrite"}]}]})],
			["block LinkerdBackendFails HTTPRoute/shop/r", shared],
		],
		[
			"retries of a route are not used",
			[...world, route({retry: {attempts: 3}})],
			["block LinkerdRouteFieldUnused HTTPRoute/shop/r", shared],
		],
		[
			"a route on a gateway is not its business",
			[...world, policy("HTTPRoute", "r", {parentRefs: [{name: "ingress"}], rules: [mirror]})],
			[],
		],
		[
			"a ServiceProfile hides the route",
			[...world, route({}), linkerdPolicy("ServiceProfile", "cart.shop.svc.cluster.local", {routes: []})],
			[shared, "accept ServiceProfileOverridesRoute ServiceProfile/shop/cart.shop.svc.cluster.local"],
		],
	]
	test.each(cases)("%s", (_, objects, wanted) => {
		expect(hazardsOf(objects)).toEqual(wanted)
	})
})

describe("workloads and ports", () => {
	const init = {template: {spec: {initContainers: [{name: "migrate"}]}}}
	const asks = {
		template: {metadata: {annotations: {"config.linkerd.io/proxy-enable-native-sidecar": "true"}}},
	}
	const cases: readonly Case[] = [
		["Jobs end with native sidecars", [...plane, shop, job("once"), cronJob("nightly")], []],
		[
			"Jobs hang without",
			[...plain, shop, job("once"), cronJob("nightly")],
			[
				"accept JobsHangWithoutNativeSidecars Job/shop/once",
				"accept JobsHangWithoutNativeSidecars CronJob/shop/nightly",
			],
		],
		["unless the Job asks for a native one", [...plain, shop, job("once", asks)], []],
		[
			"linkerd-init comes last, so init containers have a network",
			[...plain, shop, deployment("cart", init)],
			[],
		],
		[
			"with linkerd-cni they have none",
			[
				node("n1"),
				...linkerdControlPlane({native: false, cni: {nodes: 1, ready: 1}}),
				shop,
				deployment("cart", init),
			],
			["accept InitContainersWithoutNetwork Deployment/shop/cart"],
		],
		["MySQL is opaque by default", [...plane, shop, service("db", {ports: [{port: 3306}]})], []],
		[
			"FTP is not",
			[...plane, shop, service("f", {ports: [{port: 21}]})],
			["accept ServerFirstProtocol Service/shop/f"],
		],
		[
			"the annotation replaces the default",
			[
				...plane,
				shop,
				service("db", {ports: [{port: 3306}], annotations: {"config.linkerd.io/opaque-ports": "9000-9010"}}),
			],
			["accept ServerFirstProtocol Service/shop/db"],
		],
		[
			"and covers ranges",
			[
				...plane,
				shop,
				service("f", {ports: [{port: 21}], annotations: {"config.linkerd.io/opaque-ports": "80, 20-25"}}),
			],
			[],
		],
		[
			"HTTP by another name is opaque",
			[...plane, shop, service("g", {ports: [{port: 80, appProtocol: "grpc"}]})],
			["accept AppProtocolOpaqueInLinkerd Service/shop/g"],
		],
		[
			"by Linkerd's own names it is not",
			[...plane, shop, service("g", {ports: [{port: 80, appProtocol: "http"}]})],
			[],
		],
		[
			"a NetworkPolicy that leaves 4143 out",
			[...world, networkPolicy("n", closed)],
			["block NetworkPolicyBlocksLinkerd NetworkPolicy/shop/n"],
		],
	]
	test.each(cases)("%s", (_, objects, wanted) => {
		expect(hazardsOf(objects)).toEqual(wanted)
	})

	test("before 2.18 proxies met on the port of the application", () => {
		expect(hazardsOf([...world, networkPolicy("n", closed)], to({version: "2.17.1"}))).toEqual([])
	})
})
