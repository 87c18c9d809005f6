import {describe, expect, it} from "vitest"
import {dataplanes} from "../../../profiles/registry.ts"
import type {KubeObject} from "../../../profiles/snapshot/object.ts"
import {snapshotOf} from "../../../profiles/snapshot/snapshot.ts"
import {
	deployment,
	namespace,
	networkPolicy,
	policy,
	service,
	sidecarPod,
} from "../../../profiles/testing/builders.ts"
import {linkerdPolicy} from "../../../profiles/testing/linkerd.ts"
import {workloadsOf} from "../workloads/collect.ts"
import {callGraph} from "./graph.ts"

const app = (name: string, serviceAccountName: string = name) => [
	deployment(name, {podLabels: {app: name}, template: {spec: {serviceAccountName}}}),
	service(name, {selector: {app: name}}),
]
const inMesh = (name: string) =>
	sidecarPod(`${name}-5d-0`, {owner: {kind: "ReplicaSet", name: `${name}-5d`}, labels: {app: name}})
/** db has no pod that a proxy could count for. */
const shop = [namespace("shop"), ...app("web"), ...app("cart"), ...app("db"), inMesh("web"), inMesh("cart")]

/** `web>cart` where it calls, `front:>cart` from another namespace, and whose callers are known. */
function shown(...objects: readonly KubeObject[]): string {
	const snapshot = snapshotOf([...shop, ...objects])
	const graph = callGraph(snapshot, "shop", workloadsOf(snapshot, "shop", dataplanes))
	const name = (ref: string) => ref.slice(ref.lastIndexOf("/") + 1)
	const calls = [...graph].flatMap(([to, {inside, outside}]) => [
		...[...inside.keys()].map((from) => `${name(from)}>${name(to)}`),
		...[...outside.keys()].map((space) => `${space}:>${name(to)}`),
	])
	const known = [...graph].filter(([, one]) => one.known).map(([ref]) => name(ref))
	return `${calls.sort().join(" ")} | ${known.sort().join(" ")}`
}

const cart = {selector: {matchLabels: {app: "cart"}}}
const from = (source: object) => ({rules: [{from: [{source}]}]})
const allow = (name: string, spec: object) => policy("AuthorizationPolicy", name, spec)
const principal = (account: string, space = "shop") => `cluster.local/ns/${space}/sa/${account}`
const pods = (name: string) => ({podSelector: {matchLabels: {app: name}}})
const measured = (calls: object): KubeObject =>
	({
		apiVersion: "heddle.dev/v1alpha1",
		kind: "MeshBinding",
		metadata: {name: "mesh", namespace: "shop"},
		status: {calls: {readAt: "2026-01-01T00:00:00Z", profileGeneration: 1, ...calls}},
	}) as KubeObject
const server = (name: string, spec: object = {}) =>
	linkerdPolicy("Server", name, {...pods(name), port: 80, ...spec})
const meshTLS = linkerdPolicy("MeshTLSAuthentication", "callers", {
	identities: ["web.shop.serviceaccount.identity.linkerd.cluster.local"],
	identityRefs: [{kind: "ServiceAccount", name: "back", namespace: "back"}],
})
const linkerdAllow = (target: object) =>
	linkerdPolicy("AuthorizationPolicy", "cart", {
		targetRef: {group: "policy.linkerd.io", ...target},
		requiredAuthenticationRefs: [
			{group: "policy.linkerd.io", kind: "MeshTLSAuthentication", name: "callers"},
		],
	})

const cases: readonly (readonly [string, readonly KubeObject[], string])[] = [
	["nothing tells anything", [], " | "],
	[
		"Istio names a caller by its account",
		[allow("cart", {...cart, ...from({principals: [principal("web")]})})],
		"web>cart | cart",
	],
	[
		"several policies of Istio add up",
		[
			allow("cart", {...cart, ...from({principals: [principal("web")]})}),
			allow("other", {...cart, ...from({serviceAccounts: ["db"]})}),
		],
		"db>cart web>cart | cart",
	],
	[
		"one that admits anybody leaves the callers unknown",
		[
			allow("cart", {...cart, ...from({principals: [principal("web")]})}),
			allow("reads", {...cart, rules: [{to: [{operation: {methods: ["GET"]}}]}]}),
		],
		"web>cart | ",
	],
	[
		"who is denied is no caller",
		[allow("cart", {...cart, action: "DENY", ...from({principals: [principal("web")]})})],
		" | ",
	],
	[
		"a dry run refuses nobody",
		[
			policy(
				"AuthorizationPolicy",
				"cart",
				{...cart, ...from({principals: [principal("web")]})},
				{annotations: {"istio.io/dry-run": "true"}},
			),
		],
		" | ",
	],
	[
		"a policy on a Service is about its pods",
		[
			allow("cart", {
				targetRefs: [{group: "", kind: "Service", name: "cart"}],
				...from({principals: [principal("web")]}),
			}),
		],
		"web>cart | cart",
	],
	[
		"another namespace calls",
		[allow("cart", {...cart, ...from({namespaces: ["front"], principals: []})})],
		"front:>cart | cart",
	],
	[
		"that the whole namespace may call does not tell who does",
		[allow("all", from({namespaces: ["shop"]}))],
		" | ",
	],
	["a pattern over identities is anybody", [allow("all", {...cart, ...from({principals: ["*"]})})], " | "],
	[
		"Kubernetes' network admits pods",
		[networkPolicy("cart", {...pods("cart"), ingress: [{from: [pods("web")]}]})],
		"web>cart | cart",
	],
	[
		"two gates: who calls passes both",
		[
			networkPolicy("cart", {...pods("cart"), ingress: [{from: [pods("web"), pods("db")]}]}),
			allow("cart", {...cart, ...from({principals: [principal("web")]})}),
		],
		"web>cart | cart",
	],
	[
		"a block of addresses may be anybody",
		[networkPolicy("cart", {...pods("cart"), ingress: [{from: [{ipBlock: {cidr: "10.0.0.0/8"}}]}]})],
		" | ",
	],
	[
		"what a caller may reach is a call, and refuses nobody",
		[networkPolicy("web", {...pods("web"), policyTypes: ["Egress"], egress: [{to: [pods("cart")]}]})],
		"web>cart | ",
	],
	[
		"Cilium admits endpoints, by label and by account",
		[
			policy("CiliumNetworkPolicy", "cart", {
				endpointSelector: {matchLabels: {app: "cart"}},
				ingress: [
					{fromEndpoints: [{matchLabels: {"k8s:app": "web"}}]},
					{fromEndpoints: [{matchLabels: {"k8s:io.cilium.k8s.policy.serviceaccount": "db"}}]},
				],
			}),
		],
		"db>cart web>cart | cart",
	],
	[
		"Cilium admits the world",
		[
			policy("CiliumNetworkPolicy", "cart", {
				endpointSelector: {matchLabels: {app: "cart"}},
				ingress: [{fromEntities: ["world"]}],
			}),
		],
		" | ",
	],
	[
		"Linkerd's Server refuses whom no policy admits",
		[server("cart"), meshTLS, linkerdAllow({kind: "Server", name: "cart"})],
		"back:>cart web>cart | cart",
	],
	[
		"one that takes everybody tells nothing",
		[
			server("cart", {accessPolicy: "all-unauthenticated"}),
			meshTLS,
			linkerdAllow({kind: "Server", name: "cart"}),
		],
		"back:>cart web>cart | ",
	],
	[
		"a Sidecar names the hosts that its pods call",
		[
			policy("Sidecar", "web", {
				workloadSelector: {labels: {app: "web"}},
				egress: [{hosts: ["./cart.shop.svc.cluster.local", "istio-system/*"]}],
			}),
		],
		"web>cart | ",
	],
	[
		"a ServiceEntry with pods of the namespace is one of its hosts",
		[
			policy("ServiceEntry", "db", {hosts: ["db.internal"], workloadSelector: {labels: {app: "db"}}}),
			policy("Sidecar", "web", {
				workloadSelector: {labels: {app: "web"}},
				egress: [{hosts: ["./db.internal"]}],
			}),
		],
		"web>db | ",
	],
	[
		"a route hands callers on to its backends",
		[
			allow("cart", {...cart, ...from({principals: [principal("web")]})}),
			policy("HTTPRoute", "cart", {
				parentRefs: [{group: "", kind: "Service", name: "cart"}],
				rules: [
					{
						backendRefs: [
							{name: "cart", port: 80},
							{name: "db", port: 80},
						],
					},
				],
			}),
		],
		"web>cart web>db | cart",
	],
	[
		"so does a VirtualService",
		[
			allow("cart", {...cart, ...from({principals: [principal("web")]})}),
			policy("VirtualService", "cart", {
				hosts: ["cart"],
				http: [{route: [{destination: {host: "db.shop.svc.cluster.local"}}]}],
			}),
		],
		"web>cart web>db | cart",
	],
	[
		"what was measured is known, of itself as well",
		[
			measured({
				items: [
					{from: "web", to: "cart"},
					{from: "cart", to: "cart"},
					{from: "edge", fromNamespace: "front", to: "web"},
				],
			}),
		],
		"cart>cart front:>web web>cart | cart web",
	],
	[
		"a caller that no proxy knew leaves the callers unknown",
		[
			measured({
				items: [
					{from: "unknown", to: "cart"},
					{from: "web", to: "cart"},
				],
			}),
		],
		"web>cart | web",
	],
	[
		"what could not be measured is not known",
		[measured({problem: "cannot be reached", items: [{from: "web", to: "cart"}]})],
		" | ",
	],
	["that no call was counted tells nothing", [measured({items: []})], " | "],
]

describe("who calls whom in a namespace", () => {
	it.each(cases)("%s", (_, objects, wanted) => {
		expect(shown(...objects)).toBe(wanted)
	})

	it("does not tell workloads apart that share an account", () => {
		const objects = [...app("web", "shared"), ...app("db", "shared")]
		const caller = allow("cart", {...cart, ...from({principals: [principal("shared")]})})
		expect(shown(...objects, caller)).toBe(" | ")
	})

	it("says which object tells of a call", () => {
		const snapshot = snapshotOf([
			...shop,
			allow("only-web", {...cart, ...from({principals: [principal("web")]})}),
		])
		const graph = callGraph(snapshot, "shop", workloadsOf(snapshot, "shop", dataplanes))
		expect(graph.get("Deployment/shop/cart")?.inside.get("Deployment/shop/web")).toBe(
			"AuthorizationPolicy/shop/only-web",
		)
	})
})
