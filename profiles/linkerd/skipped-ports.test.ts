import {expect, test} from "vitest"
import type {KubeObject} from "../snapshot/object.ts"
import {snapshotOf} from "../snapshot/snapshot.ts"
import {deployment, namespace, pod, policy, sidecarPod} from "../testing/builders.ts"
import {brief} from "../testing/cases.ts"
import {linkerdPolicy} from "../testing/linkerd.ts"
import {skippedPortHazards} from "./skipped-ports.ts"

const skips = (ports: string) => ({"config.linkerd.io/skip-inbound-ports": ports})
const cart = (annotations?: Readonly<Record<string, string>>) =>
	deployment("cart", {
		template: {
			...(annotations ? {metadata: {annotations}} : {}),
			spec: {containers: [{name: "app", ports: [{name: "http", containerPort: 8080}]}]},
		},
	})
const server = (spec: object = {}) =>
	linkerdPolicy("Server", "http", {podSelector: {matchLabels: {app: "cart"}}, port: "http", ...spec})
const hazard = "block LinkerdServerOnSkippedPort Server/shop/http"
const shop = namespace("shop")

const cases: readonly (readonly [string, readonly KubeObject[], readonly string[]])[] = [
	["a Server on a skipped port guards nobody", [shop, cart(skips("8080")), server()], [hazard]],
	[
		"a range counts, and a port by its number",
		[shop, cart(skips("25,8000-8100")), server({port: 8080})],
		[hazard],
	],
	["the namespace's annotation counts", [namespace("shop", {}, skips("8080")), cart(), server()], [hazard]],
	[
		"the pod's own annotation replaces that of the namespace",
		[namespace("shop", {}, skips("8080")), cart(skips("9090")), server()],
		[],
	],
	["another port is guarded as before", [shop, cart(skips("9090")), server()], []],
	[
		"a Server that refuses nobody loses nothing",
		[shop, cart(skips("8080")), server({accessPolicy: "audit"})],
		[],
	],
	[
		"a Server of other pods is not concerned",
		[shop, cart(skips("8080")), server({podSelector: {matchLabels: {app: "web"}}})],
		[],
	],
	["without the annotation the ports of Galera alone go past the proxy", [shop, cart(), server()], []],
	["a Server on one of these guards nobody", [shop, cart(), server({port: 4567})], [hazard]],
	["unless an annotation replaces them", [shop, cart(skips("")), server({port: 4567})], []],
]

test.each(cases)("%s", (_, objects, wanted) => {
	expect(brief(skippedPortHazards(snapshotOf(objects), {namespace: "shop"}))).toEqual(wanted)
})

test("policies of Istio's are not carried over to ports that go past Linkerd's proxy", () => {
	const told = ["block LinkerdPolicyOnSkippedPort Deployment/shop/cart"]
	const of = (...objects: readonly KubeObject[]) =>
		brief(skippedPortHazards(snapshotOf([shop, ...objects]), {namespace: "shop"}))
	const owner = {kind: "ReplicaSet", name: "cart-1"}
	const inside = sidecarPod("cart-1", {owner})
	const closed = policy("AuthorizationPolicy", "p", {rules: []})
	expect(of(cart(skips("9090")), inside, closed)).toEqual(told)
	expect(of(cart(skips("9090")), inside)).toEqual([])
	expect(of(cart(skips("")), inside, closed)).toEqual([])
	expect(of(cart(), inside, closed)).toEqual([])
	const galera = {spec: {containers: [{name: "db", ports: [{containerPort: 4568}]}]}}
	expect(of(deployment("cart", {template: galera}), inside, closed)).toEqual(told)
	expect(of(cart(skips("9090")), pod("cart-1", {owner}), closed)).toEqual([])
})

test("strict mTLS that a profile asks for does not hold on skipped ports", () => {
	const uses = [{name: "MTLSStrict" as const, usedBy: ["MeshProfile/payments"]}]
	const found = skippedPortHazards(snapshotOf([shop, cart(skips("9090"))]), {namespace: "shop", uses})
	expect(brief(found)).toEqual(["block LinkerdPolicyOnSkippedPort Deployment/shop/cart"])
})

test("pods of a controller that is not read are looked at themselves", () => {
	const owner = {kind: "ReplicaSet", name: "cart-5d"}
	const of = (...objects: readonly KubeObject[]) =>
		brief(skippedPortHazards(snapshotOf([shop, server({port: 8080}), ...objects]), {namespace: "shop"}))
	const labels = {app: "cart"}
	const one = pod("cart-5d-1", {owner, labels, annotations: skips("8080")})
	const another = pod("cart-5d-2", {owner, labels, annotations: skips("8080")})
	expect(of(one, another)).toEqual([hazard])
	expect(of(one, another, cart())).toEqual([])
})
