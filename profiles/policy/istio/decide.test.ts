import {describe, expect, test} from "vitest"
import {policy} from "../../testing/builders.ts"
import type {Request} from "../request.ts"
import {decideAtSidecar, decideAtWaypoint, decideAtZtunnel, decideInAmbient, istioWorld} from "./decide.ts"

const web = {trustDomain: "cluster.local", namespace: "shop", serviceAccount: "web"}
const labels = {app: "cart"}
const ask = (change: Partial<Request> = {}): Request => ({
	source: {...web, labels: {}, ip: "10.0.1.9", identity: web},
	destination: {namespace: "shop", labels, ip: "10.0.9.1", port: 8080, service: {name: "cart", port: 80}},
	http: {method: "DELETE", path: "/admin", host: "cart", headers: {}},
	...change,
})
const rules = (action: string, ...all: readonly object[]) =>
	istioWorld([policy("AuthorizationPolicy", "p", {selector: {matchLabels: labels}, action, rules: all})], [])

const to = (operation: object) => ({to: [{operation}]})
const from = (source: object) => ({from: [{source}]})

/** Each with what a sidecar decides of a DELETE by `web` on port 8080, and what ztunnel does of the same. */
const cases: readonly (readonly [name: string, action: string, rule: object, verdicts: string])[] = [
	["DENY of a method is a no-op at ztunnel", "DENY", to({methods: ["DELETE"]}), "deny allow"],
	[
		"also where callers are named beside it",
		"DENY",
		{...from({principals: ["*"]}), ...to({methods: ["DELETE"]})},
		"deny allow",
	],
	[
		"DENY of a method on a port denies the port",
		"DENY",
		to({methods: ["GET"], ports: ["8080"]}),
		"allow deny",
	],
	[
		"one alternative that is left empty opens it, the other goes on",
		"DENY",
		{to: [{operation: {ports: ["8080"]}}, {operation: {methods: ["GET"]}}]},
		"deny deny",
	],
	["ALLOW with a method lets nobody in", "ALLOW", to({methods: ["DELETE"]}), "allow deny"],
	["trust domains are left out", "DENY", from({trustDomains: ["cluster.local"]}), "deny allow"],
	["and one alone lets nobody in", "ALLOW", from({trustDomains: ["cluster.local"]}), "allow deny"],
	[
		"beside a namespace they are left out of who is let in",
		"ALLOW",
		from({trustDomains: ["other.domain"], namespaces: ["shop"]}),
		"deny allow",
	],
	["a star inside of a namespace is none", "DENY", from({namespaces: ["s*p"]}), "deny allow"],
	["callers and ports are read alike", "DENY", from({namespaces: ["sh*"]}), "deny deny"],
	["a rule without anything matches everything", "DENY", {}, "deny deny"],
	["CUSTOM is not judged", "CUSTOM", to({methods: ["DELETE"]}), "allow allow"],
]

describe("an AuthorizationPolicy", () => {
	test.each(cases)("%s", (_, action, rule, verdicts) => {
		const decided = [decideAtSidecar, decideAtZtunnel].map(
			(decide) => decide(rules(action, rule), ask()).verdict,
		)
		expect(decided.join(" ")).toBe(verdicts)
	})

	test("of HTTP is skipped for other connections when it allows, and is wider when it denies", () => {
		const {http: _, ...plain} = ask()
		expect(decideAtSidecar(rules("ALLOW", to({methods: ["*"]})), plain).verdict).toBe("deny")
		expect(decideAtSidecar(rules("DENY", to({methods: ["GET"]})), plain).verdict).toBe("deny")
	})

	test("of any host holds for a request that names none", () => {
		const http = {method: "GET", path: "/", host: "", headers: {}}
		expect(decideAtSidecar(rules("DENY", to({hosts: ["*"]})), ask({http})).verdict).toBe("deny")
	})

	test("that names nobody closes the pods", () => {
		expect(decideAtSidecar(rules("ALLOW"), ask())).toEqual({verdict: "deny", by: "no ALLOW rule matches"})
	})

	test("of a root namespace holds everywhere", () => {
		const object = policy("AuthorizationPolicy", "mesh", {action: "ALLOW"}, {namespace: "istio-system"})
		expect(decideAtSidecar(istioWorld([object], ["istio-system"]), ask()).verdict).toBe("deny")
		expect(decideAtSidecar(istioWorld([object], []), ask()).verdict).toBe("allow")
	})

	test("with targetRefs is the waypoint's alone, on the port of the Service", () => {
		const targetRefs = [{kind: "Service", name: "cart"}]
		const world = istioWorld(
			[policy("AuthorizationPolicy", "p", {targetRefs, action: "DENY", rules: [to({ports: ["80"]})]})],
			[],
		)
		expect(decideAtSidecar(world, ask()).verdict).toBe("allow")
		expect(decideAtWaypoint(world, {name: "waypoint"}, ask()).verdict).toBe("deny")
	})
})

describe("a waypoint", () => {
	const waypoint = {
		name: "waypoint",
		identity: {...web, serviceAccount: "waypoint"},
		services: new Set(["cart"]),
	}
	const guard = rules("DENY", from({notPrincipals: ["cluster.local/ns/shop/sa/waypoint"]}))
	const straight = {...ask().destination}

	test("heeds a policy for the class of waypoints, of a root namespace alone", () => {
		const targetRefs = [{kind: "GatewayClass", name: "istio-waypoint"}]
		const spec = {targetRefs, action: "DENY", rules: [to({methods: ["DELETE"]})]}
		const decided = ["istio-system", "shop"].map((home) => {
			const object = policy("AuthorizationPolicy", "p", spec, {namespace: home})
			return decideAtWaypoint(istioWorld([object], ["istio-system"]), {name: "waypoint"}, ask()).verdict
		})
		expect(decided).toEqual(["deny", "allow"])
	})

	test("stands for its callers at ztunnel", () => {
		expect(decideInAmbient(guard, waypoint, ask()).verdict).toBe("allow")
	})

	test("is passed by calls to a pod, and by callers outside of the mesh", () => {
		const {service: _, ...pod} = straight
		expect(decideInAmbient(guard, waypoint, ask({destination: pod})).verdict).toBe("deny")
		const {identity: __, ...outside} = ask().source
		expect(decideInAmbient(guard, waypoint, ask({source: outside})).verdict).toBe("deny")
	})
})

describe("mutual TLS", () => {
	const {identity: _, ...outside} = ask().source
	const peers = (...specs: readonly object[]) =>
		istioWorld(
			specs.map((spec, index) =>
				policy("PeerAuthentication", `p${index}`, spec, {createdAt: `2026-01-0${index + 1}`}),
			),
			[],
		)
	test("that is strict refuses callers without identity, and a port may be left out of it", () => {
		const plain = ask({source: outside})
		expect(decideAtSidecar(peers({mtls: {mode: "STRICT"}}), plain).verdict).toBe("deny")
		const selector = {matchLabels: labels}
		const open = {selector, mtls: {mode: "STRICT"}, portLevelMtls: {8080: {mode: "PERMISSIVE"}}}
		expect(decideAtSidecar(peers(open), plain).verdict).toBe("allow")
		expect(
			decideAtSidecar(peers({mtls: {mode: "PERMISSIVE"}}, {mtls: {mode: "STRICT"}}), plain).verdict,
		).toBe("allow")
	})

	test("that is off hides who calls from a sidecar, and not from ztunnel", () => {
		const off = policy("PeerAuthentication", "off", {mtls: {mode: "DISABLE"}})
		const known = policy("AuthorizationPolicy", "p", {rules: [from({principals: ["*"]})]})
		const world = istioWorld([off, known], [])
		expect(decideAtSidecar(world, ask()).verdict).toBe("deny")
		expect(decideAtZtunnel(world, ask()).verdict).toBe("allow")
	})
})
