import fc from "fast-check"
import {describe, expect, test} from "vitest"
import {inUse} from "../in-use.ts"
import {pairHazards} from "../pairs.ts"
import {dataplanes} from "../registry.ts"
import type {KubeObject} from "../snapshot/object.ts"
import {snapshotOf} from "../snapshot/snapshot.ts"
import {deployment, namespace, policy, service, sidecarPod} from "../testing/builders.ts"
import {moveTo} from "../testing/cases.ts"
import {ciliumAgents} from "../testing/cilium.ts"

const kinds = [
	"AuthorizationPolicy",
	"PeerAuthentication",
	"RequestAuthentication",
	"VirtualService",
	"DestinationRule",
	"ServiceEntry",
	"Sidecar",
	"EnvoyFilter",
	"Telemetry",
	"WasmPlugin",
	"TrafficExtension",
	"HTTPRoute",
	"GRPCRoute",
	"TCPRoute",
	"CiliumNetworkPolicy",
	"CiliumClusterwideNetworkPolicy",
	"CiliumEnvoyConfig",
	"CiliumClusterwideEnvoyConfig",
	"CiliumLocalRedirectPolicy",
	"FQDNNetworkPolicy",
] as const

const world = [
	namespace("shop"),
	deployment("cart"),
	service("cart"),
	sidecarPod("cart-1"),
	...ciliumAgents(),
]
const reasonsWith = (object: KubeObject) => inUse(snapshotOf([...world, object]), "shop").reasons

/** Keys that the readers look for, so that nonsense gets deep into them. */
const words = [
	"rules",
	"from",
	"to",
	"when",
	"source",
	"operation",
	"http",
	"route",
	"match",
	"hosts",
	"selector",
	"matchLabels",
	"mtls",
	"mode",
	"endpointSelector",
	"ingress",
	"ingressDeny",
	"egress",
	"fromEndpoints",
	"toPorts",
	"ports",
	"services",
]
const nonsense = fc.letrec((tie) => ({
	value: fc.oneof(
		{depthSize: "small"},
		fc.jsonValue({maxDepth: 1}),
		fc.array(tie("value"), {maxLength: 3}),
		tie("object"),
	),
	object: fc.dictionary(
		fc.oneof(fc.constantFrom(...words, "targetRefs", "parentRefs", "backendRefs"), fc.string()),
		tie("value"),
		{maxKeys: 4},
	),
})).value

describe("objects that nobody validated", () => {
	test.each(kinds)("no spec of %s makes reading throw", (kind) => {
		const readAll = (spec: unknown) => {
			const snapshot = snapshotOf([...world, policy(kind, "odd", spec)])
			inUse(snapshot, "shop")
			for (const dataplane of dataplanes) {
				dataplane.hazards(snapshot, moveTo(dataplane.name))
				pairHazards(snapshot, moveTo(dataplane.name), dataplanes)
			}
		}
		expect(() => fc.assert(fc.property(nonsense, readAll), {numRuns: 60})).not.toThrow()
	})

	test.each([
		["a rule list that is none", "AuthorizationPolicy", {rules: "all"}, "spec.rules must be a list"],
		[
			"an unknown action",
			"AuthorizationPolicy",
			{action: "PERMIT"},
			"spec.action must be one of ALLOW, DENY, CUSTOM, AUDIT",
		],
		[
			"methods that are no list",
			"AuthorizationPolicy",
			{rules: [{to: [{operation: {methods: "GET"}}]}]},
			"spec.rules[0].to[0].operation.methods must be a list",
		],
		[
			"an unknown mode",
			"PeerAuthentication",
			{mtls: {mode: "STRIKT"}},
			"spec.mtls.mode must be one of UNSET, DISABLE, PERMISSIVE, STRICT",
		],
		["routes that are an object", "VirtualService", {hosts: ["cart"], http: {}}, "spec.http must be a list"],
		[
			"a selector that is a list",
			"RequestAuthentication",
			{selector: ["app"]},
			"spec.selector must be an object",
		],
		["parents that are a word", "HTTPRoute", {parentRefs: "cart"}, "spec.parentRefs must be a list"],
		["a spec that is a list", "EnvoyFilter", [], "spec must be an object"],
		[
			"ports that are no list",
			"CiliumNetworkPolicy",
			{endpointSelector: {}, ingress: [{toPorts: {}}]},
			"spec.ingress[0].toPorts must be a list",
		],
	])("%s is UnreadablePolicy, which blocks and names the field", (_, kind, spec, fault) => {
		const [found] = reasonsWith(policy(kind, "odd", spec))
		expect(found).toMatchObject({code: "UnreadablePolicy", severity: "block", object: `${kind}/shop/odd`})
		expect(found?.message).toContain(fault)
	})

	test("a key that JavaScript itself defines reads as absent", () => {
		expect(
			reasonsWith(
				policy("AuthorizationPolicy", "odd", JSON.parse('{"rules": [{"__proto__": {"from": 1}}]}')),
			),
		).toEqual([])
	})
})
