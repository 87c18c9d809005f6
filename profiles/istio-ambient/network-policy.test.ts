import {describe, expect, test} from "vitest"
import type {NetworkPolicy} from "../snapshot/shapes.ts"
import {snapshotOf} from "../snapshot/snapshot.ts"
import {deployment, networkPolicy, pod} from "../testing/builders.ts"
import {brief} from "../testing/cases.ts"
import {networkPolicyHazards} from "./network-policy.ts"

const hazardsOf = (...policies: NetworkPolicy[]) =>
	brief(networkPolicyHazards(snapshotOf([pod("cart", {labels: {app: "cart"}}), ...policies]), "shop"))
const web = {namespaceSelector: {matchLabels: {name: "web"}}}
const ingress = (name: string, rules: readonly object[], podSelector = {}) =>
	networkPolicy(name, {podSelector, policyTypes: ["Ingress"], ingress: rules})
const egress = (rules: readonly object[]) =>
	networkPolicy("out", {podSelector: {}, policyTypes: ["Egress"], egress: rules})
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
		["15008 beside it is enough", [ingress("a", [{from: [web], ports: [{port: 8080}, {port: 15008}]}])], []],
		["a range may hold it", [ingress("a", [{from: [web], ports: [{port: 8000, endPort: 16000}]}])], []],
		["no ports are all ports", [ingress("a", [{from: [web]}])], []],
		[
			"another policy may admit it for the same peers",
			[
				ingress("a", [{from: [web], ports: [{port: 8080}]}]),
				ingress("b", [{from: [web], ports: [{port: 15008, protocol: "TCP"}]}]),
			],
			[],
		],
		[
			"or for everyone",
			[ingress("a", [{from: [web], ports: [{port: 8080}]}]), ingress("b", [{ports: [{port: 15008}]}])],
			[],
		],
		[
			"but not for others",
			[
				ingress("a", [{from: [web], ports: [{port: 8080}]}]),
				ingress("b", [{from: [{podSelector: {}}], ports: [{port: 15008}]}]),
			],
			refused("a"),
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
			brief(networkPolicyHazards(snapshotOf([deployment("cart"), ...policies]), "shop"))
		const closed = ingress("a", [{from: [web], ports: [{port: 15008}]}])
		expect(probesOf(closed)).toEqual(["block NetworkPolicyBlocksHBONE Deployment/shop/cart"])
		expect(probesOf(closed, ingress("b", [{from: [{ipBlock: {cidr: "169.254.7.127/32"}}]}]))).toEqual([])
	})
})
