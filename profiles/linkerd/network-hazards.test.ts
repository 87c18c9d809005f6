import {expect, test} from "vitest"
import type {KubeObject} from "../snapshot/object.ts"
import {snapshotOf} from "../snapshot/snapshot.ts"
import {deployment, namespace, networkPolicy, pod} from "../testing/builders.ts"
import {brief, moveTo} from "../testing/cases.ts"
import {linkerdPod} from "../testing/linkerd.ts"
import {cutOffHazards, networkPolicyHazards} from "./network-hazards.ts"

const labels = {app: "cart"}
const cart = deployment("cart", {template: {metadata: {labels}}})
const owner = {kind: "ReplicaSet", name: "cart-1"}
const outside = pod("cart-1", {labels, owner})
const inside = linkerdPod("cart-1", {labels, owner})
const shop = namespace("shop")
const move = moveTo("linkerd", {version: "2.20.0", namespaces: ["linkerd"]})

const web = [{podSelector: {matchLabels: {app: "web"}}}]
const admits = (...ingress: readonly object[]) => networkPolicy("in", {podSelector: {}, ingress})
const opens = "block NetworkPolicyOpensLinkerd NetworkPolicy/shop/in"
const told = (...objects: readonly KubeObject[]) =>
	brief(networkPolicyHazards(snapshotOf([cart, ...objects]), move))

test("whoever is admitted to 4143 reaches every port behind the proxies, where only some were admitted", () => {
	const some = admits({from: web, ports: [{port: 8080}, {port: 4143}]})
	expect(told(shop, outside, some)).toEqual([opens])
	expect(told(shop, outside, admits({from: web, ports: [{port: 4143}]}))).toEqual([opens])
	expect(told(shop, outside, admits({from: web, ports: [{port: 4000, endPort: 5000}]}))).toEqual([opens])
	expect(told(shop, outside, admits({from: web}))).toEqual([])
	expect(told(shop, inside, some)).toEqual([])
})

test("4143 opens nothing where the proxies refuse on every port what no Server admits", () => {
	const some = admits({from: web, ports: [{port: 8080}, {port: 4143}]})
	const by = (value: string) => namespace("shop", {}, {"config.linkerd.io/default-inbound-policy": value})
	expect(told(by("deny"), outside, some)).toEqual([])
	expect(told(by("all-authenticated"), outside, some)).toEqual([opens])
})

test("a policy about egress has to let proxies reach all three of Linkerd's controllers", () => {
	const to = (name: string) => [{namespaceSelector: {matchLabels: {"kubernetes.io/metadata.name": name}}}]
	const out = (...egress: readonly object[]) =>
		networkPolicy("out", {podSelector: {}, policyTypes: ["Egress"], egress})
	const cutOff = (...objects: readonly KubeObject[]) =>
		brief(cutOffHazards(snapshotOf([shop, cart, ...objects]), move))
	const ports = (...all: readonly number[]) => ({to: to("linkerd"), ports: all.map((port) => ({port}))})
	const cut = ["block NetworkPolicyCutsOffControlPlane Deployment/shop/cart"]
	expect(cutOff(outside, out())).toEqual(cut)
	expect(cutOff(outside, out({to: to("bank")}))).toEqual(cut)
	expect(cutOff(outside, out(ports(8086, 8090)))).toEqual(cut)
	expect(cutOff(outside, out(ports(8086, 8080)))).toEqual(cut)
	expect(cutOff(outside, out(ports(8090, 8080)))).toEqual(cut)
	expect(cutOff(outside, out(ports(8086, 8090, 8080)))).toEqual([])
	expect(cutOff(outside, out(ports(8086), ports(8090), ports(8080)))).toEqual([])
	expect(cutOff(outside, out({to: to("linkerd")}))).toEqual([])
	expect(cutOff(inside, out())).toEqual([])
})
