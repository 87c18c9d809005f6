import {describe, expect, test} from "vitest"
import type {KubeObject} from "../../snapshot/object.ts"
import {clusterwide} from "../../testing/cilium.ts"
import type {Callee, Caller, Request} from "../request.ts"
import {decideAtCilium} from "./decide.ts"
import {ciliumPoliciesIn, readCiliumPolicy} from "./read.ts"

const web: Caller = {
	namespace: "shop",
	serviceAccount: "web",
	labels: {app: "web"},
	namespaceLabels: {team: "red"},
	ip: "10.0.1.9",
}
const pay: Caller = {
	...web,
	namespace: "bank",
	serviceAccount: "pay",
	labels: {app: "pay"},
	namespaceLabels: {team: "blue"},
}
const from = (outside: "node" | "other-node" | "world"): Caller => ({
	namespace: "",
	serviceAccount: "",
	labels: {},
	ip: "192.0.2.7",
	outside,
})
const cart: Callee = {
	namespace: "shop",
	labels: {app: "cart"},
	ip: "10.0.9.1",
	port: 8080,
	portNames: {http: 8080},
}

const own = (spec: object, more: object = {}): KubeObject =>
	({
		apiVersion: "cilium.io/v2",
		kind: "CiliumNetworkPolicy",
		metadata: {name: "p", namespace: "shop"},
		...{spec},
		...more,
	}) as KubeObject
const admits = (...ingress: readonly object[]) => own({endpointSelector: {}, ingress})
const get = {method: "GET", path: "/items", host: "cart", headers: {"x-team": "red"}}
const call = (source: Caller, rest: Partial<Request> = {}): Request => ({source, destination: cart, ...rest})
const http = (rule: object) =>
	admits({toPorts: [{ports: [{port: "8080", protocol: "TCP"}], rules: {http: [rule]}}]})

type Case = readonly [
	name: string,
	policies: readonly KubeObject[],
	request: Request,
	verdict: "allow" | "deny",
]
const cases: readonly Case[] = [
	["no policy", [], call(web), "allow"],
	["an empty item admits nobody", [admits({})], call(web), "deny"],
	[
		"no peers, a port: everyone",
		[admits({toPorts: [{ports: [{port: "8080"}]}]})],
		call(from("world")),
		"allow",
	],
	["an empty list of peers is nobody", [admits({fromEndpoints: []})], call(web), "deny"],
	["an empty selector is the namespace", [admits({fromEndpoints: [{}]})], call(pay), "deny"],
	[
		"an empty selector of a clusterwide policy is every pod",
		[
			clusterwide("CiliumClusterwideNetworkPolicy", "p", {
				endpointSelector: {},
				ingress: [{fromEndpoints: [{}]}],
			}),
		],
		call(pay),
		"allow",
	],
	[
		"and nobody who is no pod",
		[
			clusterwide("CiliumClusterwideNetworkPolicy", "p", {
				endpointSelector: {},
				ingress: [{fromEndpoints: [{}]}],
			}),
		],
		call(from("world")),
		"deny",
	],
	[
		"another namespace by its label",
		[admits({fromEndpoints: [{matchLabels: {"k8s:io.kubernetes.pod.namespace": "bank"}}]})],
		call(pay),
		"allow",
	],
	[
		"a namespace's own label",
		[admits({fromEndpoints: [{matchLabels: {"io.cilium.k8s.namespace.labels.team": "blue"}}]})],
		call(pay),
		"allow",
	],
	[
		"a service account",
		[admits({fromEndpoints: [{matchLabels: {"io.cilium.k8s.policy.serviceaccount": "web"}}]})],
		call(web),
		"allow",
	],
	["the cluster", [admits({fromEntities: ["cluster"]})], call(from("other-node")), "allow"],
	["the world is no pod", [admits({fromEntities: ["world"]})], call(web), "deny"],
	["a block is no pod", [admits({fromCIDR: ["10.0.0.0/8"]})], call(web), "deny"],
	[
		"a block outside",
		[admits({fromCIDRSet: [{cidr: "192.0.2.0/24", except: ["192.0.2.8/29"]}]})],
		call(from("world")),
		"allow",
	],
	[
		"its exception",
		[admits({fromCIDRSet: [{cidr: "192.0.2.0/24", except: ["192.0.2.0/29"]}]})],
		call(from("world")),
		"deny",
	],
	["the pod's own node", [admits({})], call(from("node")), "allow"],
	["another node", [admits({})], call(from("other-node")), "deny"],
	[
		"the node, where it is denied",
		[own({endpointSelector: {}, ingressDeny: [{fromEntities: ["host"]}]})],
		call(from("node")),
		"deny",
	],
	[
		"a denial before all",
		[
			admits({fromEntities: ["all"]}),
			own({endpointSelector: {}, ingressDeny: [{toPorts: [{ports: [{port: "8080"}]}]}]}),
		],
		call(web),
		"deny",
	],
	[
		"a denial alone closes",
		[own({endpointSelector: {}, ingressDeny: [{toPorts: [{ports: [{port: "1"}]}]}]})],
		call(web),
		"deny",
	],
	[
		"unless it says otherwise",
		[
			own({
				endpointSelector: {},
				ingressDeny: [{toPorts: [{ports: [{port: "1"}]}]}],
				enableDefaultDeny: {ingress: false},
			}),
		],
		call(web),
		"allow",
	],
	["a range", [admits({toPorts: [{ports: [{port: "8000", endPort: 8100}]}]})], call(web), "allow"],
	["a name", [admits({toPorts: [{ports: [{port: "http"}]}]})], call(web), "allow"],
	[
		"every port of one protocol",
		[admits({fromEntities: ["all"], toPorts: [{ports: [{port: "0", protocol: "UDP"}]}]})],
		call(web),
		"deny",
	],
	["ICMP is no connection", [admits({icmps: [{fields: [{type: 8}]}]})], call(web), "deny"],
	[
		"another pod's policy",
		[own({endpointSelector: {matchLabels: {app: "web"}}, ingress: [{}]})],
		call(web),
		"allow",
	],
	[
		"a policy says another namespace in vain",
		[own({endpointSelector: {matchLabels: {"k8s:io.kubernetes.pod.namespace": "bank"}}, ingress: [{}]})],
		call(web),
		"allow",
	],
	[
		"each of its specs",
		[
			own(
				{endpointSelector: {}, ingress: [{}]},
				{specs: [{endpointSelector: {}, ingress: [{fromEndpoints: [{}]}]}]},
			),
		],
		call(web),
		"allow",
	],
	[
		"egress",
		[
			own({
				endpointSelector: {matchLabels: {app: "web"}},
				egress: [{toEndpoints: [{matchLabels: {app: "other"}}]}],
			}),
		],
		call(web),
		"deny",
	],
	["a method", [http({method: "GET"})], call(web, {http: get}), "allow"],
	["another method", [http({method: "POST"})], call(web, {http: get}), "deny"],
	["a path is whole", [http({path: "/item"})], call(web, {http: get}), "deny"],
	["a path has its query", [http({path: "/items"})], call(web, {http: {...get, query: "a=1"}}), "deny"],
	["a header", [http({headers: ["X-Team: red"]})], call(web, {http: get}), "allow"],
	["another header", [http({headers: ["X-Team: blue"]})], call(web, {http: get}), "deny"],
	["what is no HTTP", [http({})], call(web), "deny"],
	[
		"what another rule admits whole",
		[http({method: "POST"}), admits({fromEndpoints: [{}]})],
		call(web, {http: get}),
		"allow",
	],
]

describe("Cilium", () => {
	test.each(cases)("%s", (_, policies, request, verdict) => {
		for (const one of policies) expect(readCiliumPolicy(one).faults).toEqual([])
		expect(decideAtCilium(ciliumPoliciesIn(policies), request).verdict).toBe(verdict)
	})

	test.each([
		["mutual authentication", {ingress: [{fromEndpoints: [{}], authentication: {mode: "required"}}]}],
		["nodes", {ingress: [{fromNodes: [{}]}]}],
		["a group of addresses", {ingress: [{fromCIDRSet: [{cidrGroupRef: "g"}]}]}],
		["another cluster", {ingress: [{fromEndpoints: [{matchLabels: {"io.cilium.k8s.policy.cluster": "b"}}]}]}],
		["a listener", {ingress: [{toPorts: [{ports: [{port: "1"}], listener: {}}]}]}],
	])("is not guessed at with %s", (_, spec) => {
		expect(readCiliumPolicy(own({endpointSelector: {}, ...spec})).faults).not.toEqual([])
	})
})
