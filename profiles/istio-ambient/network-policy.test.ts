import {describe, expect, test} from "vitest"
import type {KubeObject} from "../snapshot/object.ts"
import type {NetworkPolicy} from "../snapshot/shapes.ts"
import {snapshotOf} from "../snapshot/snapshot.ts"
import {ambientPod, deployment, namespace, networkPolicy, pod, policy} from "../testing/builders.ts"
import {brief} from "../testing/cases.ts"
import {networkPolicyHazards} from "./network-policy.ts"

const hazardsOf = (...policies: NetworkPolicy[]) =>
	brief(
		networkPolicyHazards(snapshotOf([pod("cart", {labels: {app: "cart"}}), ...policies]), {
			namespace: "shop",
		}),
	)
const web = {namespaceSelector: {matchLabels: {name: "web"}}}
const ingress = (name: string, rules: readonly object[], podSelector = {}) =>
	networkPolicy(name, {podSelector, policyTypes: ["Ingress"], ingress: rules})
const egress = (rules: readonly object[]) =>
	networkPolicy("out", {podSelector: {}, policyTypes: ["Egress"], egress: rules})
const opened = (name: string) => [`block NetworkPolicyOpensHBONE NetworkPolicy/shop/${name}`]
const refused = (name: string) => [`block NetworkPolicyBlocksHBONE NetworkPolicy/shop/${name}`]

describe("NetworkPolicies and HBONE", () => {
	const cases: readonly (readonly [
		name: string,
		policies: readonly NetworkPolicy[],
		wanted: readonly string[],
	])[] = [
		[
			"a port of the application alone stops matching",
			[ingress("a", [{from: [web], ports: [{port: 8080}]}])],
			refused("a"),
		],
		[
			"a named port is the application's",
			[ingress("a", [{from: [web], ports: [{port: "http"}]}])],
			refused("a"),
		],
		[
			"15008 beside it lets these peers in, to every port",
			[ingress("a", [{from: [web], ports: [{port: 8080}, {port: 15008}]}])],
			opened("a"),
		],
		[
			"a range may hold it",
			[ingress("a", [{from: [web], ports: [{port: 8000, endPort: 16000}]}])],
			opened("a"),
		],
		["no ports are all ports", [ingress("a", [{from: [web]}])], []],
		[
			"another policy may admit it for the same peers",
			[
				ingress("a", [{from: [web], ports: [{port: 8080}]}]),
				ingress("b", [{from: [web], ports: [{port: 15008, protocol: "TCP"}]}]),
			],
			opened("b"),
		],
		[
			"or for everyone",
			[ingress("a", [{from: [web], ports: [{port: 8080}]}]), ingress("b", [{ports: [{port: 15008}]}])],
			opened("b"),
		],
		[
			"but not for others",
			[
				ingress("a", [{from: [web], ports: [{port: 8080}]}]),
				ingress("b", [{from: [{podSelector: {}}], ports: [{port: 15008}]}]),
			],
			[...refused("a"), ...opened("b")],
		],
		[
			"nor for other pods",
			[
				ingress("a", [{from: [web], ports: [{port: 8080}]}]),
				ingress("b", [{ports: [{port: 15008}]}], {matchLabels: {app: "db"}}),
			],
			refused("a"),
		],
		[
			"a policy that selects no pod here does not count",
			[ingress("a", [{ports: [{port: 8080}]}], {matchLabels: {app: "db"}})],
			[],
		],
		["what denies everything denied it before", [ingress("a", [])], []],
		[
			"addresses outside of the cluster do not come by HBONE",
			[ingress("a", [{from: [{ipBlock: {cidr: "203.0.113.0/24"}}], ports: [{port: 8080}]}])],
			[],
		],
		["calls to the cluster need it too", [egress([{to: [web], ports: [{port: 80}]}])], refused("out")],
		[
			"DNS does not",
			[
				egress([
					{
						ports: [
							{port: 53, protocol: "UDP"},
							{port: 53, protocol: "TCP"},
						],
					},
				]),
			],
			[],
		],
	]
	test.each(cases)("%s", (_, policies, wanted) => {
		expect(hazardsOf(...policies)).toEqual(wanted)
	})

	test("the kubelet's probes have to be admitted by their address in ambient", () => {
		const probesOf = (...policies: NetworkPolicy[]) =>
			brief(networkPolicyHazards(snapshotOf([deployment("cart"), ...policies]), {namespace: "shop"}))
		const closed = ingress("a", [{from: [web]}])
		expect(probesOf(closed)).toEqual(["block NetworkPolicyBlocksHBONE Deployment/shop/cart"])
		expect(probesOf(closed, ingress("b", [{from: [{ipBlock: {cidr: "169.254.7.127/32"}}]}]))).toEqual([])
	})
})

describe("who comes by 15008", () => {
	const both = ingress("a", [{from: [web], ports: [{port: 8080}, {port: 15008}]}])
	const apart = [
		ingress("a", [{from: [web], ports: [{port: 8080}]}]),
		ingress("b", [{from: [web], ports: [{port: 15008}]}]),
	]
	const keep = (spec: object = {}, options = {}) =>
		policy(
			"AuthorizationPolicy",
			"ports",
			{action: "DENY", rules: [{to: [{operation: {notPorts: ["8080"]}}]}], ...spec},
			options,
		)
	const found = (...objects: KubeObject[]) =>
		brief(
			networkPolicyHazards(snapshotOf([pod("cart", {labels: {app: "cart"}}), ...objects]), {
				namespace: "shop",
			}),
		)

	test("is kept to the admitted ports by a rule of Istio's", () => {
		expect(found(both, keep())).toEqual([])
		expect(found(...apart, keep())).toEqual([])
	})

	test("is not by one for other pods, for some callers, or that is only tried out", () => {
		const elsewhere = keep({selector: {matchLabels: {app: "db"}}})
		const from = [{source: {namespaces: ["web"]}}]
		const partly = keep({rules: [{from, to: [{operation: {notPorts: ["8080"]}}]}]})
		const tried = keep({}, {annotations: {"istio.io/dry-run": "true"}})
		for (const one of [elsewhere, partly, tried]) expect(found(both, one)).toEqual(opened("a"))
	})

	test("is a stranger where no other rule admits the same peers", () => {
		const everyone = ingress("b", [{ports: [{port: 15008}]}])
		expect(found(ingress("a", [{from: [web], ports: [{port: 8080}]}]), everyone, keep())).toEqual(opened("b"))
	})

	test("came before as well where every pod is in ambient", () => {
		const inside = snapshotOf([ambientPod("cart"), both])
		expect(brief(networkPolicyHazards(inside, {namespace: "shop"}))).toEqual([])
	})
})

describe("a waypoint before the pods", () => {
	const uses = [{name: "L7Authorization", usedBy: ["AuthorizationPolicy/shop/p"]}] as const
	const found = (...objects: KubeObject[]) =>
		brief(
			networkPolicyHazards(
				snapshotOf([namespace("shop"), pod("cart", {labels: {app: "cart"}}), ...objects]),
				{namespace: "shop", uses},
			),
		)
	const byName = {podSelector: {matchLabels: {"gateway.networking.k8s.io/gateway-name": "waypoint"}}}

	test("is a stranger to policies about callers", () => {
		expect(found(ingress("a", [{from: [web]}]))).toEqual([
			"block NetworkPolicyRefusesWaypoint NetworkPolicy/shop/a",
		])
	})

	test("is admitted by its label, with every pod of the namespace, or with everyone", () => {
		for (const peer of [[byName], [{podSelector: {}}], []]) {
			expect(found(ingress("a", [{from: [web]}, {from: peer}]))).toEqual([])
		}
	})
})

describe("policies of other namespaces", () => {
	const shop = {namespaceSelector: {matchLabels: {"kubernetes.io/metadata.name": "shop"}}}
	const of = (rules: readonly object[]) =>
		networkPolicy("in", {podSelector: {}, policyTypes: ["Ingress"], ingress: rules}, {namespace: "bank"})
	const found = (place: KubeObject, one: KubeObject) =>
		brief(networkPolicyHazards(snapshotOf([namespace("shop"), pod("cart"), place, one]), {namespace: "shop"}))
	const enrolled = ambientPod("pay", {namespace: "bank"})

	test("drop calls between pods that both are in ambient, as soon as they are", () => {
		const told = ["accept NetworkPolicyOfPeersBlocksTunnel"]
		expect(found(enrolled, of([{from: [shop], ports: [{port: 8080}]}]))).toEqual(told)
		expect(found(enrolled, of([{ports: [{port: 8080}]}]))).toEqual(told)
		const egress = networkPolicy(
			"out",
			{podSelector: {}, policyTypes: ["Egress"], egress: [{to: [shop], ports: [{port: 8080}]}]},
			{namespace: "bank"},
		)
		expect(found(enrolled, egress)).toEqual(told)
	})

	test("do not concern whom they do not name, nor pods that are not in ambient", () => {
		expect(found(enrolled, of([{from: [web], ports: [{port: 8080}]}]))).toEqual([])
		expect(found(enrolled, of([{from: [{podSelector: {}}], ports: [{port: 8080}]}]))).toEqual([])
		const outside = pod("pay", {namespace: "bank"})
		expect(found(outside, of([{from: [shop], ports: [{port: 8080}]}]))).toEqual([])
	})
})
