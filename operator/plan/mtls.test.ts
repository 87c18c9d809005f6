import {expect, test} from "vitest"
import {dataplanes} from "../../profiles/registry.ts"
import type {KubeObject} from "../../profiles/snapshot/object.ts"
import type {ConfigMap} from "../../profiles/snapshot/shapes.ts"
import {snapshotOf} from "../../profiles/snapshot/snapshot.ts"
import {namespace, policy, service} from "../../profiles/testing/builders.ts"
import {brief} from "../../profiles/testing/cases.ts"
import {istiod} from "../../profiles/testing/istio.ts"
import {clusterFacts} from "./facts.ts"
import {mutualTLS} from "./mtls.ts"

function asked(wanted: "Strict" | "Permissive", ...objects: readonly KubeObject[]) {
	const snapshot = snapshotOf([namespace("shop"), ...istiod(), ...objects])
	const facts = clusterFacts(snapshot, dataplanes)
	const target = facts.installed.find(({dataplane}) => dataplane.name === "istio-sidecar")
	if (target === undefined) throw new Error("Istio's sidecars were not detected")
	const {first, last, reasons} = mutualTLS({
		snapshot,
		namespace: "shop",
		wanted,
		target,
		facts,
		moving: 0,
	})
	return {steps: [...first, ...last].map(({id}) => id), reasons: brief(reasons)}
}

const peer = (name: string, spec: object, metadata: object = {}) =>
	policy("PeerAuthentication", name, spec, metadata)
const selector = {matchLabels: {app: "cart"}}
const conflict = (name: string) => [`block PeerAuthenticationConflict PeerAuthentication/shop/${name}`]

test("strict mTLS that a profile asks for is refused while some pods or ports are opened", () => {
	const strict = {steps: ["mtls-strict"], reasons: []}
	expect(asked("Strict")).toEqual(strict)
	const pods = peer("cart", {selector, mtls: {mode: "PERMISSIVE"}})
	expect(asked("Strict", pods).reasons).toEqual(conflict("cart"))
	const port = peer("cart", {selector, mtls: {mode: "STRICT"}, portLevelMtls: {9090: {mode: "DISABLE"}}})
	expect(asked("Strict", port).reasons).toEqual(conflict("cart"))
	expect(asked("Strict", peer("cart", {selector, mtls: {mode: "STRICT"}}))).toEqual(strict)
	expect(asked("Permissive", pods).reasons).toEqual([])
})

const meshConfig = (mesh: string): ConfigMap => ({
	apiVersion: "v1",
	kind: "ConfigMap",
	metadata: {name: "istio", namespace: "istio-system"},
	data: {mesh},
})

test("what is strict already by the mesh or by another's policy is no proof while some pods are opened", () => {
	const mesh = peer("default", {mtls: {mode: "STRICT"}}, {namespace: "istio-system"})
	const own = peer("default", {mtls: {mode: "STRICT"}})
	const pods = peer("cart", {selector, mtls: {mode: "PERMISSIVE"}})
	expect(asked("Strict", mesh)).toEqual({steps: [], reasons: []})
	expect(asked("Strict", mesh, pods).reasons).toEqual(conflict("cart"))
	const elsewhere = meshConfig("rootNamespace: mesh-policies\n")
	expect(asked("Strict", mesh, elsewhere)).toEqual({steps: ["mtls-strict"], reasons: []})
	expect(asked("Strict", own)).toEqual({steps: [], reasons: []})
	expect(asked("Strict", own, pods).reasons).toEqual(conflict("cart"))
})

test("an empty selector means the whole namespace, as Istio reads it", () => {
	const open = peer("open", {selector: {matchLabels: {}}, mtls: {mode: "PERMISSIVE"}})
	expect(asked("Strict", open)).toEqual({steps: [], reasons: conflict("open")})
})

test.each(["LoadBalancer", "NodePort"])("callers from outside come by a Service of the type %s", (type) => {
	const told = asked("Strict", service("cart", {type, ports: [{port: 80}]}))
	expect(told).toEqual({
		steps: ["mtls-strict"],
		reasons: ["accept PlaintextCallersUnknown Service/shop/cart"],
	})
})
