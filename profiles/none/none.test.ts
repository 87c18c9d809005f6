import {describe, expect, test} from "vitest"
import type {KubeObject} from "../snapshot/object.ts"
import {snapshotOf} from "../snapshot/snapshot.ts"
import {pod, policy, sidecarPod} from "../testing/builders.ts"
import {brief, moveTo} from "../testing/cases.ts"
import {none} from "./index.ts"

const hazardsOf = (...objects: KubeObject[]) => brief(none.hazards(snapshotOf(objects), moveTo("none")))
const root = {namespace: "istio-system"}
const bank = {namespace: "bank"}
const caller = (source: object) => ({rules: [{from: [{source}]}]})

describe("no mesh", () => {
	test("is always there, healthy and free", () => {
		expect(none.detect(snapshotOf([]))).toMatchObject([{dataplane: "none", healthy: true}])
		expect(none.costs).toEqual([])
	})

	test("marks no pod as its own and sets no key", () => {
		expect([pod("a"), sidecarPod("b")].map((one) => none.evidence(one, snapshotOf([])))).toEqual([
			undefined,
			undefined,
		])
		expect(none.leave()).toEqual(none.enrol(moveTo("none").to))
		expect(none.owns("istio-injection")).toBe(false)
	})

	const cases: readonly (readonly [name: string, object: KubeObject, wanted: readonly string[]])[] = [
		[
			"a policy would be enforced by nobody",
			policy("AuthorizationPolicy", "p", {}),
			["block AuthorizationStopsBeingEnforced AuthorizationPolicy/shop/p"],
		],
		[
			"one of the mesh neither",
			policy("AuthorizationPolicy", "p", {}, root),
			["block AuthorizationStopsBeingEnforced AuthorizationPolicy/istio-system/p"],
		],
		["AUDIT enforces nothing", policy("AuthorizationPolicy", "p", {action: "AUDIT"}), []],
		[
			"tokens would be verified by nobody",
			policy("RequestAuthentication", "p", {}),
			["block JWTStopsBeingVerified RequestAuthentication/shop/p"],
		],
		[
			"strict mTLS would be open",
			policy("PeerAuthentication", "p", {mtls: {mode: "STRICT"}}, root),
			["block StrictMTLSStopsBeingEnforced PeerAuthentication/istio-system/p"],
		],
		[
			"nobody would speak TLS for the application",
			policy("DestinationRule", "p", {host: "api.example.com", trafficPolicy: {tls: {mode: "SIMPLE"}}}),
			["block TLSOriginationLost DestinationRule/shop/p"],
		],
		["permissive is open already", policy("PeerAuthentication", "p", {mtls: {mode: "PERMISSIVE"}}), []],
		[
			"a peer that names it by principal would see nobody",
			policy("AuthorizationPolicy", "p", caller({principals: ["cluster.local/ns/shop/sa/web"]}), bank),
			["block IdentityLostForPeers AuthorizationPolicy/bank/p"],
		],
		[
			"or by namespace",
			policy("AuthorizationPolicy", "p", caller({namespaces: ["shop"]}), bank),
			["block IdentityLostForPeers AuthorizationPolicy/bank/p"],
		],
		[
			"a peer that names another does not mind",
			policy("AuthorizationPolicy", "p", caller({namespaces: ["web"]}), bank),
			[],
		],
	]
	test.each(cases)("%s", (_, object, wanted) => {
		expect(hazardsOf(object)).toEqual(wanted)
	})
})
