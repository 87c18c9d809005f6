import {expect, test} from "vitest"
import type {KubeObject} from "../snapshot/object.ts"
import {snapshotOf} from "../snapshot/snapshot.ts"
import {
	ambientPod,
	deployment,
	namespace,
	networkPolicy,
	pod,
	policy,
	sidecarPod,
} from "../testing/builders.ts"
import {brief, moveTo} from "../testing/cases.ts"
import {linkerdPod, linkerdPolicy} from "../testing/linkerd.ts"
import {cutOffHazards, exclusionHazards} from "./reach-hazards.ts"

const labels = {app: "cart"}
const cart = deployment("cart", {template: {metadata: {labels}}})
const egress = (...rules: readonly object[]) =>
	networkPolicy("out", {podSelector: {}, policyTypes: ["Egress"], egress: rules})
const cutOff = (...objects: readonly KubeObject[]) =>
	brief(
		cutOffHazards(
			snapshotOf([
				namespace("shop"),
				cart,
				pod("cart", {owner: {kind: "ReplicaSet", name: "cart-1"}}),
				...objects,
			]),
			moveTo("istio-sidecar"),
		),
	)
const to = (name: string) => [{namespaceSelector: {matchLabels: {"kubernetes.io/metadata.name": name}}}]

test("a policy about egress has to let sidecars reach istiod", () => {
	const told = ["block NetworkPolicyCutsOffControlPlane Deployment/shop/cart"]
	expect(cutOff(egress())).toEqual(told)
	expect(cutOff(egress({to: to("bank")}))).toEqual(told)
	expect(cutOff(egress({to: to("istio-system"), ports: [{port: 443}]}))).toEqual(told)
	expect(cutOff(egress({to: to("istio-system"), ports: [{port: 15012}]}))).toEqual([])
	expect(cutOff(egress({ports: [{port: 15012}]}))).toEqual([])
	expect(cutOff(egress({to: [{ipBlock: {cidr: "10.0.0.0/8"}}]}))).toEqual([])
	expect(cutOff()).toEqual([])
	expect(cutOff(egress(), sidecarPod("cart-2"))).toEqual([])
})

test("annotations that lead ports past a sidecar must not lead them past policies", () => {
	const leaves = (annotations: Record<string, string>, ...objects: readonly KubeObject[]) =>
		brief(
			exclusionHazards(
				snapshotOf([deployment("cart", {template: {metadata: {labels, annotations}}}), ...objects]),
				moveTo("istio-sidecar"),
			),
		)
	const closed = policy("AuthorizationPolicy", "p", {rules: []})
	const excluded = {"traffic.sidecar.istio.io/excludeInboundPorts": "9090"}
	const told = ["block SidecarExclusionBypassesPolicy Deployment/shop/cart"]
	const inside = ambientPod("cart")
	expect(leaves(excluded, inside, closed)).toEqual(told)
	expect(leaves({"traffic.sidecar.istio.io/includeInboundPorts": "8080"}, inside, closed)).toEqual(told)
	expect(leaves({"sidecar.istio.io/interceptionMode": "NONE"}, inside, closed)).toEqual(told)
	expect(leaves({"traffic.sidecar.istio.io/includeInboundPorts": "*"}, inside, closed)).toEqual([])
	expect(leaves(excluded, inside)).toEqual([])
	expect(leaves(excluded, sidecarPod("cart"), closed)).toEqual([])
	expect(leaves(excluded, linkerdPod("cart"), linkerdPolicy("Server", "s", {}))).toEqual(told)
	expect(leaves(excluded, linkerdPod("cart", {inbound: "deny"}), namespace("shop"))).toEqual(told)
	expect(leaves(excluded, linkerdPod("cart"), closed)).toEqual([])
})

test("strict mTLS that a profile asks for does not hold on ports that go past a sidecar", () => {
	const annotations = {"traffic.sidecar.istio.io/excludeInboundPorts": "9090"}
	const asked = {
		...moveTo("istio-sidecar"),
		uses: [{name: "MTLSStrict" as const, usedBy: ["MeshProfile/payments"]}],
	}
	const of = (one: KubeObject) => brief(exclusionHazards(snapshotOf([one]), asked))
	expect(of(deployment("cart", {template: {metadata: {annotations}}}))).toEqual([
		"block SidecarExclusionBypassesPolicy Deployment/shop/cart",
	])
	expect(of(deployment("cart"))).toEqual([])
})

test("pods of an Argo Rollout are looked at themselves, until the injector has written on them", () => {
	const annotations = {"traffic.sidecar.istio.io/excludeInboundPorts": "9090"}
	const owner = {kind: "ReplicaSet", name: "cart-5d"}
	const closed = policy("AuthorizationPolicy", "p", {rules: []})
	const of = (...objects: readonly KubeObject[]) =>
		brief(exclusionHazards(snapshotOf([closed, ...objects]), moveTo("istio-sidecar")))
	const inside = ambientPod("cart-5d-1", {owner, annotations})
	const moved = sidecarPod("cart-5d-2", {owner, annotations})
	expect(of(inside, ambientPod("cart-5d-3", {owner, annotations}))).toEqual([
		"block SidecarExclusionBypassesPolicy Pod/shop/cart-5d-1",
	])
	expect(of(moved, ambientPod("web"))).toEqual([])
	expect(of(inside, deployment("cart"))).toEqual([])
	const stranger = pod("web-5d-1", {owner: {kind: "ReplicaSet", name: "web-5d"}})
	expect(cutOff(egress(), stranger)).toEqual([
		"block NetworkPolicyCutsOffControlPlane Deployment/shop/cart",
		"block NetworkPolicyCutsOffControlPlane Pod/shop/web-5d-1",
	])
})
