import {describe, expect, test} from "vitest"
import {dataplanes} from "../../../profiles/registry.ts"
import type {KubeObject} from "../../../profiles/snapshot/object.ts"
import {snapshotOf} from "../../../profiles/snapshot/snapshot.ts"
import {namespace, policy} from "../../../profiles/testing/builders.ts"
import {templatesIn} from "../../../profiles/workloads.ts"
import {workload} from "../testing/cluster.ts"
import {workloadsOf} from "../workloads/collect.ts"
import {callersIn} from "./callers.ts"
import {probesOf} from "./derive.ts"
import {type ProbeMethod, safeMethods} from "./probe.ts"
import {probeJob} from "./probe-job.ts"

const as = (serviceAccountName: string) => ({template: {spec: {serviceAccountName}}})
const shop: readonly KubeObject[] = [
	namespace("shop"),
	...workload({kind: "Deployment", name: "cart", on: "istio-sidecar", options: as("cart")}),
	...workload({kind: "Deployment", name: "web", on: "istio-sidecar", options: as("web")}),
]
const cart = {matchLabels: {app: "cart"}}
const web = "cluster.local/ns/shop/sa/web"

function probes(methods: readonly ProbeMethod[], ...policies: readonly KubeObject[]) {
	const snapshot = snapshotOf([...shop, ...policies])
	const callers = callersIn(snapshot, ["shop"], dataplanes)
	const found = probesOf({snapshot, namespace: "shop", callers, methods})
	return {
		...found,
		told: found.probes.map(
			({expect: is, caller, method, url}) => `${is} ${caller.serviceAccount} ${method} ${url}`,
		),
	}
}

describe("requests that prove a policy", () => {
	test("of callers: the one that it names comes through, another does not", () => {
		const {told, unsent} = probes(
			safeMethods,
			policy("AuthorizationPolicy", "p", {selector: cart, rules: [{from: [{source: {principals: [web]}}]}]}),
		)
		expect(told).toEqual([
			"allow web GET http://cart.shop.svc.cluster.local/heddle-nobody",
			"deny cart GET http://cart.shop.svc.cluster.local/heddle-nobody",
		])
		expect(unsent).toEqual([])
	})

	test("of paths: within it and beside it", () => {
		const rules = [{from: [{source: {principals: [web]}}], to: [{operation: {paths: ["/api/*"]}}]}]
		const {told} = probes(safeMethods, policy("AuthorizationPolicy", "p", {selector: cart, rules}))
		expect(told[0]).toBe("allow web GET http://cart.shop.svc.cluster.local/api/x")
		expect(told[1]).toMatch(/^deny /)
	})

	test("of a method that changes something are sent by consent alone", () => {
		const refuse = policy("AuthorizationPolicy", "refuse", {
			selector: cart,
			action: "DENY",
			rules: [{to: [{operation: {methods: ["DELETE"]}}]}],
		})
		const without = probes(safeMethods, refuse)
		expect(without.told.some((one) => one.startsWith("deny"))).toBe(false)
		expect(without.unsent).toEqual([
			expect.objectContaining({policy: "AuthorizationPolicy/shop/refuse", expect: "deny"}),
		])
		const {told} = probes(["GET", "DELETE"], refuse)
		expect(told).toContain("deny cart DELETE http://cart.shop.svc.cluster.local/heddle-nobody")
	})

	test("of a policy are those that it decides itself, not those that another refuses", () => {
		const admit = policy("AuthorizationPolicy", "admit", {
			selector: cart,
			rules: [{from: [{source: {principals: [web]}}]}],
		})
		const refuse = policy("AuthorizationPolicy", "refuse", {selector: cart, action: "DENY", rules: [{}]})
		const {unsent} = probes(safeMethods, admit, refuse)
		expect(unsent.map((one) => `${one.policy} ${one.expect}`)).toEqual([
			"AuthorizationPolicy/shop/admit allow",
			"AuthorizationPolicy/shop/admit deny",
			"AuthorizationPolicy/shop/refuse allow",
		])
	})

	test.each([
		["a waypoint's", {targetRefs: [{group: "", kind: "Service", name: "cart"}], rules: [{}]}],
		["one that asks elsewhere", {action: "CUSTOM", provider: {name: "opa"}, rules: [{}]}],
		["one about tokens", {rules: [{from: [{source: {requestPrincipals: ["a/b"]}}]}]}],
		["one of callers that do not run here", {rules: [{from: [{source: {namespaces: ["far"]}}]}]}],
	])("are not invented for %s", (_, spec) => {
		const {unsent} = probes(safeMethods, policy("AuthorizationPolicy", "p", spec))
		expect(unsent).not.toEqual([])
		expect(unsent.every(({why}) => /^[A-Z]/.test(why))).toBe(true)
	})
})

test("a request's Job is its caller, and nothing that a Service would select", () => {
	const {
		probes: [first],
	} = probes(
		safeMethods,
		policy("AuthorizationPolicy", "p", {selector: cart, rules: [{from: [{source: {principals: [web]}}]}]}),
	)
	if (first === undefined) throw new Error("no request was derived")
	const image = `registry.example/curl@sha256:${"0".repeat(64)}`
	const job = probeJob(first, {name: "heddle-probe-1", image, profile: "payments"}) as KubeObject & {
		readonly spec: {readonly template: {readonly metadata: KubeObject["metadata"]; readonly spec: object}}
	}
	expect(job.metadata).toMatchObject({
		namespace: "shop",
		name: "heddle-probe-1",
	})
	expect(job.spec.template.metadata.labels).not.toHaveProperty("app")
	expect(job.spec.template.spec).toMatchObject({
		serviceAccountName: "web",
		automountServiceAccountToken: false,
		restartPolicy: "Never",
	})
})

test("is no workload of its namespace while it runs", () => {
	const selecting = policy("AuthorizationPolicy", "p", {
		selector: cart,
		rules: [{from: [{source: {principals: [web]}}]}],
	})
	const [first] = probes(safeMethods, selecting).probes
	if (first === undefined) throw new Error("no request was derived")
	const job = probeJob(first, {name: "heddle-probe-1", image: "curl", profile: "payments"})
	const snapshot = snapshotOf([...shop, job])
	expect(workloadsOf(snapshot, "shop", dataplanes).map(({ref}) => ref)).toEqual([
		"Deployment/shop/cart",
		"Deployment/shop/web",
	])
	expect(templatesIn(snapshot, "shop").map(({object}) => object.kind)).toEqual(["Deployment", "Deployment"])
})
