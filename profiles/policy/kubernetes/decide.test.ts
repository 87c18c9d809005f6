import {describe, expect, test} from "vitest"
import type {KubeObject} from "../../snapshot/object.ts"
import {decideAtCilium} from "../cilium/decide.ts"
import {asCiliumPolicy} from "../cilium/network-policy.ts"
import type {Callee, Caller, Request} from "../request.ts"
import {decideByNetworkPolicies} from "./decide.ts"
import {networkPoliciesIn, readNetworkPolicy} from "./read.ts"

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
	labels: {app: "pay"},
	namespaceLabels: {team: "blue"},
	ip: "10.0.3.1",
}
const outsider: Caller = {namespace: "", serviceAccount: "", labels: {}, ip: "192.0.2.7", outside: "world"}
const node: Caller = {...outsider, ip: "172.18.0.2", outside: "node"}
const cart: Callee = {
	namespace: "shop",
	labels: {app: "cart"},
	namespaceLabels: {team: "red"},
	ip: "10.0.9.1",
	port: 8080,
	portNames: {http: 8080},
}

const policy = (spec: object): KubeObject =>
	({
		apiVersion: "networking.k8s.io/v1",
		kind: "NetworkPolicy",
		metadata: {name: "p", namespace: "shop"},
		...{spec},
	}) as KubeObject

const ingress = (...rules: readonly object[]) =>
	policy({podSelector: {matchLabels: {app: "cart"}}, ingress: rules})
const call = (source: Caller, more: Partial<Callee> = {}, rest: Partial<Request> = {}): Request => ({
	source,
	destination: {...cart, ...more},
	...rest,
})

type Case = readonly [name: string, policy: KubeObject, request: Request, verdict: "allow" | "deny"]
const both: readonly Case[] = [
	["no rule closes the pod", ingress(), call(web), "deny"],
	["an empty rule admits everyone", ingress({}), call(outsider), "allow"],
	[
		"a pod of the namespace",
		ingress({from: [{podSelector: {matchLabels: {app: "web"}}}]}),
		call(web),
		"allow",
	],
	["the same label elsewhere", ingress({from: [{podSelector: {}}]}), call(pay), "deny"],
	[
		"pods of a labelled namespace",
		ingress({from: [{namespaceSelector: {matchLabels: {team: "blue"}}}]}),
		call(pay),
		"allow",
	],
	[
		"of both selectors, both",
		ingress({
			from: [{namespaceSelector: {matchLabels: {team: "blue"}}, podSelector: {matchLabels: {app: "web"}}}],
		}),
		call(pay),
		"deny",
	],
	["every namespace is pods alone", ingress({from: [{namespaceSelector: {}}]}), call(outsider), "deny"],
	[
		"a namespace by its name",
		ingress({from: [{namespaceSelector: {matchLabels: {"kubernetes.io/metadata.name": "bank"}}}]}),
		call(pay),
		"allow",
	],
	["a block", ingress({from: [{ipBlock: {cidr: "192.0.2.0/24"}}]}), call(outsider), "allow"],
	[
		"a block's exception",
		ingress({from: [{ipBlock: {cidr: "192.0.2.0/24", except: ["192.0.2.0/29"]}}]}),
		call(outsider),
		"deny",
	],
	["a port", ingress({ports: [{port: 8080}]}), call(web), "allow"],
	["another port", ingress({ports: [{port: 8081}]}), call(web), "deny"],
	["a range", ingress({ports: [{port: 8000, endPort: 8100}]}), call(web), "allow"],
	["a name", ingress({ports: [{port: "http"}]}), call(web), "allow"],
	["another protocol", ingress({ports: [{port: 8080}]}), call(web, {}, {protocol: "UDP"}), "deny"],
	["a protocol alone", ingress({ports: [{protocol: "UDP"}]}), call(web, {}, {protocol: "UDP"}), "allow"],
	["the pod's own node", ingress(), call(node), "allow"],
	["a pod that is not selected", ingress(), call(web, {labels: {app: "other"}}), "allow"],
	[
		"egress that is closed",
		policy({podSelector: {matchLabels: {app: "web"}}, policyTypes: ["Egress"]}),
		call(web),
		"deny",
	],
	[
		"egress that is open for it",
		policy({
			podSelector: {},
			policyTypes: ["Egress"],
			egress: [{to: [{podSelector: {matchLabels: {app: "cart"}}}]}],
		}),
		call(web),
		"allow",
	],
]

describe("a NetworkPolicy", () => {
	test.each(both)("%s, in Kubernetes' words and as Cilium reads it", (_, object, request, verdict) => {
		expect(readNetworkPolicy(object).faults).toEqual([])
		const views = networkPoliciesIn([object])
		expect(decideByNetworkPolicies(views, request).verdict).toBe(verdict)
		expect(decideAtCilium(views.map(asCiliumPolicy), request).verdict).toBe(verdict)
	})

	test("of addresses admits no pod in Cilium", () => {
		const views = networkPoliciesIn([ingress({from: [{ipBlock: {cidr: "10.0.0.0/8"}}]})])
		expect(decideByNetworkPolicies(views, call(web)).verdict).toBe("allow")
		expect(decideAtCilium(views.map(asCiliumPolicy), call(web)).verdict).toBe("deny")
	})

	test("has rules that Cilium counts although policyTypes leaves them out", () => {
		const views = networkPoliciesIn([
			policy({podSelector: {}, policyTypes: ["Egress"], ingress: [], egress: [{}]}),
			policy({podSelector: {}, policyTypes: ["Egress"], ingress: [{ports: [{port: 1}]}], egress: [{}]}),
		])
		expect(decideByNetworkPolicies(views, call(web)).verdict).toBe("allow")
		expect(decideAtCilium(views.map(asCiliumPolicy), call(web)).verdict).toBe("deny")
	})

	test.each([
		["an unknown field", {podSelector: {}, ingress: [{from: [{}], method: "GET"}]}],
		["an IPv6 block", {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: "fd00::/8"}}]}]}],
	])("with %s is not guessed at", (_, spec) => {
		expect(readNetworkPolicy(policy(spec)).faults).not.toEqual([])
	})
})
