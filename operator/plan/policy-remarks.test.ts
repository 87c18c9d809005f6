import {describe, expect, test} from "vitest"
import type {KubeObject} from "../../profiles/snapshot/object.ts"
import {snapshotOf} from "../../profiles/snapshot/snapshot.ts"
import {networkPolicy, policy} from "../../profiles/testing/builders.ts"
import {linkerdPolicy} from "../../profiles/testing/linkerd.ts"
import {policyRemarks} from "./policy-remarks.ts"
import {workload} from "./testing/cluster.ts"

const shop = workload({kind: "Deployment", name: "cart", on: "none"})
const remarks = (...objects: readonly KubeObject[]) =>
	policyRemarks(snapshotOf([...shop, ...objects]), "shop").map(
		({code, object, message}) => `${code} ${object}: ${message}`,
	)

const from = (...principals: readonly string[]) => [{source: {principals}}]
const cart = {matchLabels: {app: "cart"}}
const made = (kind: string, spec: object): KubeObject => {
	if (kind === "NetworkPolicy") return networkPolicy("p", spec)
	return kind === "Server" ? linkerdPolicy(kind, "p", spec) : policy(kind, "p", spec)
}
const authorization = (name: string, spec: object) =>
	policy("AuthorizationPolicy", name, {selector: cart, ...spec})
const peers = (name: string, mode: string, creationTimestamp: string, selector?: object) => {
	const made = policy("PeerAuthentication", name, {
		mtls: {mode},
		...(selector === undefined ? {} : {selector}),
	})
	return {...made, metadata: {...made.metadata, creationTimestamp}}
}

describe("a policy that selects nothing", () => {
	test.each([
		["AuthorizationPolicy", "selector", {matchLabels: {app: "cat"}}],
		["RequestAuthentication", "selector", {matchLabels: {app: "cat"}}],
		["PeerAuthentication", "selector", {matchLabels: {app: "cat"}}],
		["NetworkPolicy", "podSelector", {matchExpressions: [{key: "app", operator: "NotIn", values: ["cart"]}]}],
		["CiliumNetworkPolicy", "endpointSelector", {matchLabels: {"k8s:app": "cat"}}],
		["Server", "podSelector", {matchLabels: {app: "cat"}}],
	])("of kind %s is told with its field", (kind, field, selector) => {
		const [told] = remarks(made(kind, {[field]: selector}))
		expect(told).toContain(`PolicySelectsNothing ${kind}/shop/p: spec.${field} selects no pod`)
	})

	test.each([
		["AuthorizationPolicy", "selector", cart],
		["NetworkPolicy", "podSelector", {}],
		["CiliumNetworkPolicy", "endpointSelector", {matchLabels: {"k8s:app": "cart"}}],
	])("is not one of kind %s that selects a pod", (kind, field, selector) => {
		expect(remarks(made(kind, {[field]: selector}))).toEqual([])
	})

	test("is not told where there is no pod at all", () => {
		const lone = networkPolicy("p", {podSelector: cart})
		expect(policyRemarks(snapshotOf([lone]), "shop")).toEqual([])
	})
})

describe("policies that contradict each other", () => {
	const web = "cluster.local/ns/shop/sa/web"
	const admit = authorization("admit", {rules: [{from: from(web)}]})

	test("a rule whose every request another refuses is told with both", () => {
		const refuse = authorization("refuse", {action: "DENY", rules: [{from: from(web)}]})
		expect(remarks(admit, refuse)).toEqual([
			"PoliciesContradict AuthorizationPolicy/shop/admit: All that spec.rules[0] admits is refused by AuthorizationPolicy/shop/refuse.",
		])
	})

	test.each([
		["a part of what is admitted", {rules: [{to: [{operation: {methods: ["DELETE"]}}]}]}],
		["another caller", {rules: [{from: from("cluster.local/ns/shop/sa/job")}]}],
		["another pod", {selector: {matchLabels: {app: "else"}}, rules: [{from: from(web)}]}],
	])("a policy that refuses %s takes nothing back", (_, spec) => {
		const found = remarks(admit, authorization("refuse", {action: "DENY", ...spec}))
		expect(found.filter((one) => one.startsWith("PoliciesContradict"))).toEqual([])
	})

	test("an exception of the one that the other does not name is found by mixing both", () => {
		const all = authorization("all", {rules: [{to: [{operation: {paths: ["/a"]}}]}]})
		const refuse = authorization("refuse", {
			action: "DENY",
			rules: [{from: [{source: {notPrincipals: [web]}}]}],
		})
		expect(remarks(all, refuse)).toEqual([])
	})

	test("of two PeerAuthentications for the same pods the newer is told, unless both say the same", () => {
		const [first, second] = ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"]
		expect(remarks(peers("new", "STRICT", second), peers("old", "PERMISSIVE", first))).toEqual([
			"PoliciesContradict PeerAuthentication/shop/new: Its mode STRICT does not hold: PeerAuthentication/shop/old is for the same pods, is older, and says PERMISSIVE.",
		])
		expect(remarks(peers("a", "STRICT", first), peers("b", "STRICT", second))).toEqual([])
		expect(remarks(peers("a", "STRICT", first), peers("b", "PERMISSIVE", second, cart))).toEqual([])
	})
})
