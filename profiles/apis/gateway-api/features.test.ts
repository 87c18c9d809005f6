import {describe, expect, test} from "vitest"
import {inUse} from "../../in-use.ts"
import type {KubeObject} from "../../snapshot/object.ts"
import {snapshotOf} from "../../snapshot/snapshot.ts"
import {gateway, policy, waypoint} from "../../testing/builders.ts"

const parentRefs = [{group: "", kind: "Service", name: "cart"}]
const route = (rule: object, kind = "HTTPRoute", parents: readonly object[] = parentRefs) =>
	policy(kind, "r", {parentRefs: parents, rules: [rule]})

const cases: readonly (readonly [name: string, object: KubeObject, wanted: readonly string[]])[] = [
	["a timeout", route({timeouts: {request: "1s"}}), ["HTTPTimeout"]],
	["retries", route({retry: {attempts: 2}}), ["HTTPRetry"]],
	["a mirror", route({filters: [{type: "RequestMirror"}]}), ["RequestMirroring"]],
	[
		"a rewrite at a backend",
		route({backendRefs: [{name: "a", filters: [{type: "URLRewrite"}]}]}),
		["URLRewrite"],
	],
	["a match by header", route({matches: [{headers: [{name: "x", value: "1"}]}]}), ["HTTPHeaderRouting"]],
	[
		"the default match is no match",
		route({matches: [{path: {type: "PathPrefix", value: "/"}}], timeouts: {}}),
		["HTTPTimeout"],
	],
	[
		"weights",
		route({
			backendRefs: [
				{name: "a", weight: 9},
				{name: "b", weight: 1},
			],
		}),
		["TrafficSplit"],
	],
	["affinity", route({sessionPersistence: {type: "Cookie"}}), ["SessionAffinity"]],
	["gRPC", route({}, "GRPCRoute"), ["GRPCRouting"]],
	["TCP", route({}, "TCPRoute"), ["TCPRouting"]],
	[
		"a route of a gateway alone is the gateway's business",
		route({timeouts: {}}, "HTTPRoute", [{name: "public"}]),
		["Ingress"],
	],
	[
		"a consumer's route counts for its own namespace",
		route({timeouts: {}}, "HTTPRoute", [{kind: "Service", name: "pay", namespace: "bank"}]),
		["HTTPTimeout"],
	],
	["a gateway", gateway("public"), ["Ingress"]],
	["a waypoint is no ingress", waypoint(), []],
]

describe("features in use by the Gateway API", () => {
	test.each(cases)("%s", (_, object, wanted) => {
		expect(inUse(snapshotOf([object]), "shop").features.map(({name}) => name)).toEqual(wanted)
	})

	test("the route of a consumer elsewhere is not the producer's", () => {
		const consumer = {
			...route({timeouts: {}}, "HTTPRoute", [{kind: "Service", name: "cart", namespace: "shop"}]),
			metadata: {name: "r", namespace: "bank"},
		}
		expect(inUse(snapshotOf([consumer]), "shop").features).toEqual([])
	})
})
