import {describe, expect, test} from "vitest"
import type {KubeObject, StringMap} from "../../snapshot/object.ts"
import {snapshotOf} from "../../snapshot/snapshot.ts"
import {namespace, pod, policy} from "../../testing/builders.ts"
import {ciliumAgents, clusterwide} from "../../testing/cilium.ts"
import {features} from "./features.ts"
import {policiesFor, readPolicy} from "./policy.ts"

const CNP = "CiliumNetworkPolicy"
const CCNP = "CiliumClusterwideNetworkPolicy"
const allPods = {endpointSelector: {}}
const http = {toPorts: [{ports: [{port: "8080"}], rules: {http: [{method: "GET"}]}}]}
const workloads = [
	namespace("shop", {team: "payments"}),
	pod("cart", {labels: {app: "cart"}}),
	pod("host", {labels: {app: "host"}, hostNetwork: true}),
	...ciliumAgents(),
]
const found = (...objects: KubeObject[]) => features(snapshotOf([...workloads, ...objects]), "shop")

describe("features in use by Cilium's objects", () => {
	const cases: readonly (readonly [name: string, object: KubeObject, wanted: readonly string[]])[] = [
		["HTTP rules take a proxy", policy(CNP, "p", {...allPods, ingress: [http]}), ["L7Authorization"]],
		[
			"also in a list of specs",
			{...policy(CNP, "p", undefined), ...{specs: [{...allPods, ingress: [http]}]}},
			["L7Authorization"],
		],
		[
			"a listener of an Envoy configuration does too",
			policy(CNP, "p", {...allPods, egress: [{toPorts: [{ports: [{port: "80"}], listener: {name: "l"}}]}]}),
			["L7Authorization"],
		],
		[
			"rules by labels are the network's",
			policy(CNP, "p", {...allPods, ingress: [{fromEndpoints: [{matchLabels: {app: "web"}}]}]}),
			["L4Authorization by the network"],
		],
		[
			"an empty rule closes the pods, by the network",
			policy(CNP, "p", {...allPods, ingress: []}),
			["L4Authorization by the network"],
		],
		[
			"so are denials",
			policy(CNP, "p", {...allPods, ingressDeny: [{fromEntities: ["world"]}]}),
			["ExplicitDeny by the network"],
		],
		[
			"and names outside of the cluster, with their DNS rule",
			policy(CNP, "p", {
				...allPods,
				egress: [
					{toFQDNs: [{matchName: "api.pay.example"}]},
					{toEndpoints: [{}], toPorts: [{ports: [{port: "53"}], rules: {dns: [{matchPattern: "*"}]}}]},
				],
			}),
			["L4Authorization by the network", "EgressByFQDN by the network"],
		],
		[
			"a clusterwide policy reaches the namespace by its name",
			clusterwide(CCNP, "p", {
				endpointSelector: {matchLabels: {"k8s:io.kubernetes.pod.namespace": "shop"}},
				ingress: [http],
			}),
			["L7Authorization"],
		],
		[
			"or by its labels",
			clusterwide(CCNP, "p", {
				endpointSelector: {matchLabels: {"io.cilium.k8s.namespace.labels.team": "payments"}},
				ingress: [http],
			}),
			["L7Authorization"],
		],
		[
			"one for another namespace does not",
			clusterwide(CCNP, "p", {
				endpointSelector: {matchLabels: {"io.kubernetes.pod.namespace": "bank"}},
				ingress: [http],
			}),
			[],
		],
		["one for nodes is for no pod", clusterwide(CCNP, "p", {nodeSelector: {}, ingress: [http]}), []],
		[
			"pods on the host's network are no endpoints",
			policy(CNP, "p", {endpointSelector: {matchLabels: {app: "host"}}, ingress: [http]}),
			[],
		],
		[
			"an Envoy configuration says by which filters",
			policy("CiliumEnvoyConfig", "c", {
				services: [{name: "cart"}],
				resources: [
					{http_filters: [{name: "envoy.filters.http.jwt_authn"}, {name: "envoy.filters.http.router"}]},
				],
			}),
			["ProxyCustomization (by the filters jwt_authn)"],
		],
		[
			"one that Cilium made of a route is not counted beside the route",
			{
				...policy("CiliumEnvoyConfig", "c", {services: [{name: "cart"}]}),
				metadata: {
					name: "c",
					namespace: "shop",
					ownerReferences: [{apiVersion: "v1", kind: "Service", name: "cart", uid: "1"}],
				},
			},
			[],
		],
		[
			"a clusterwide one names the Service and its namespace",
			clusterwide("CiliumClusterwideEnvoyConfig", "c", {services: [{name: "cart", namespace: "shop"}]}),
			["ProxyCustomization"],
		],
		[
			"of another namespace it is not ours",
			clusterwide("CiliumClusterwideEnvoyConfig", "c", {services: [{name: "cart", namespace: "bank"}]}),
			[],
		],
		[
			"a redirect within the node is the network's",
			policy("CiliumLocalRedirectPolicy", "l", {}),
			["WorkloadLoadBalancing by the network (for a redirect to a pod of the same node)"],
		],
	]
	test.each(cases)("%s", (_, object, wanted) => {
		const told = found(object).uses.map(
			({name, carrier, note}) => `${name}${carrier ? " by the network" : ""}${note ? ` (${note})` : ""}`,
		)
		expect(told).toEqual(wanted)
	})

	test("where Cilium does not run nobody reads them", () => {
		const object = policy(CNP, "p", {...allPods, ingress: [http]})
		expect(features(snapshotOf([pod("cart"), object]), "shop").uses).toEqual([])
	})

	test("a policy of another shape than its API knows is a reason to refuse", () => {
		expect(found(policy(CNP, "p", {...allPods, ingress: "all"})).reasons).toMatchObject([
			{code: "UnreadablePolicy", severity: "block", object: "CiliumNetworkPolicy/shop/p"},
		])
	})
})

describe("selectors of Cilium", () => {
	const selects = (matchLabels: StringMap) =>
		policiesFor(
			snapshotOf([...workloads, clusterwide(CCNP, "p", {endpointSelector: {matchLabels}, ingress: [http]})]),
			"shop",
		).length === 1

	test.each([
		["a label", {app: "cart"}, true],
		["a label of any source", {"any:app": "cart"}, true],
		["a label of Kubernetes", {"k8s:app": "cart"}, true],
		[
			"a service account, default where none is named",
			{"io.cilium.k8s.policy.serviceaccount": "default"},
			true,
		],
		["a cluster, whose name is not to be seen here", {"io.cilium.k8s.policy.cluster": "west"}, true],
		["another value", {app: "web"}, false],
		["a label that belongs to no pod", {"reserved:health": ""}, false],
	])("%s", (_, labels, wanted) => {
		expect(selects(labels as unknown as StringMap)).toBe(wanted)
	})
})

test("default deny is closed by a section, and left open by enableDefaultDeny", () => {
	const closes = (spec: object) => readPolicy(policy(CNP, "p", spec)).value[0]?.closes
	expect(closes({...allPods, ingress: []})).toEqual({ingress: true, egress: false})
	expect(closes({...allPods, egressDeny: [{}]})).toEqual({ingress: false, egress: true})
	expect(closes({...allPods, ingress: [{}], enableDefaultDeny: {ingress: false}})).toEqual({
		ingress: false,
		egress: false,
	})
})
