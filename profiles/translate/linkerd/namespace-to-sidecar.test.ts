import {describe, expect, test} from "vitest"
import {refOf} from "../../snapshot/object.ts"
import type {Pod} from "../../snapshot/shapes.ts"
import {snapshotOf} from "../../snapshot/snapshot.ts"
import {deployment, namespace, service, sidecarPod} from "../../testing/builders.ts"
import {linkerdPod, linkerdPolicy} from "../../testing/linkerd.ts"
import {linkerdToSidecar} from "./namespace-to-sidecar.ts"

const inbound = "config.linkerd.io/default-inbound-policy"
const cart = (options: Parameters<typeof linkerdPod>[1] = {}, name = "cart-1"): Pod =>
	linkerdPod(name, {labels: {app: "cart"}, ...options})
const world = [deployment("cart"), service("cart")]
const server = linkerdPolicy("Server", "http", {podSelector: {matchLabels: {app: "cart"}}, port: 8080})

const translate = (...objects: Parameters<typeof snapshotOf>[0] extends Iterable<infer T> ? T[] : never) =>
	linkerdToSidecar(snapshotOf([...world, ...objects]), "shop")
const rulesIn = ({made}: ReturnType<typeof translate>) =>
	made.before.map((one) => (one as {spec?: {rules?: unknown}}).spec?.rules)
const verdicts = ({made}: ReturnType<typeof translate>) =>
	made.translations.map(({source, verdict, fields}) => [
		source,
		verdict,
		...fields.filter((one) => one.verdict !== "exact").map(({note}) => note),
	])

describe("the inbound policy", () => {
	const strict = namespace("shop", {}, {[inbound]: "all-authenticated"})

	test("is that of the running pods, whatever their namespace says since", () => {
		expect(translate(strict, cart()).made.before).toEqual([])
		const open = namespace("shop", {}, {[inbound]: "all-unauthenticated"})
		const found = translate(open, cart({annotations: {[inbound]: "all-authenticated"}}))
		expect(rulesIn(found)).toEqual([[{from: [{source: {principals: ["*"]}}]}]])
	})

	test("is Linkerd's own default where nobody asks for another, as proxies were given it", () => {
		const found = translate(namespace("shop"), cart({inbound: "deny"}))
		expect(rulesIn(found)).toEqual([undefined])
		expect(verdicts(found)).toEqual([["Namespace/shop", "exact"]])
	})

	test("is the strictest where pods of one workload differ, and a person is asked", () => {
		const found = translate(strict, cart(), cart({inbound: "all-authenticated"}, "cart-2"))
		expect(rulesIn(found)).toEqual([[{from: [{source: {principals: ["*"]}}]}]])
		expect(verdicts(found)[0]?.[1]).toBe("approximated")
	})

	test.each([
		["goes by networks that nobody sees", cart({inbound: "cluster-authenticated"})],
		["is not known", cart({inbound: ""})],
		[
			"is another for some ports",
			cart({annotations: {"config.linkerd.io/proxy-require-identity-inbound-ports": "8080"}}),
		],
	])("that %s blocks", (_, pod) => {
		const found = translate(namespace("shop"), pod, server)
		expect(found.made.before).toEqual([])
		expect(verdicts(found)[0]?.[1]).toBe("blocked")
	})

	test("of pods that Linkerd does not hold says nothing", () => {
		expect(translate(strict, sidecarPod("cart-1", {labels: {app: "cart"}})).made.before).toEqual([])
	})
})

describe("everyone in Linkerd", () => {
	const strict = cart({inbound: "all-authenticated"})
	const bank = linkerdPod("pay", {namespace: "bank"})
	const other = sidecarPod("old", {namespace: "elsewhere"})

	test("is everyone in Istio, where nobody else is there", () => {
		expect(rulesIn(translate(namespace("shop"), strict, bank))).toEqual([
			[{from: [{source: {principals: ["*"]}}]}],
		])
	})

	test("is told by namespaces where others are: in Istio they would be somebody", () => {
		const principals = ["cluster.local/ns/bank/*", "cluster.local/ns/shop/*"]
		const found = translate(namespace("shop"), strict, bank, other)
		expect(rulesIn(found)).toEqual([[{from: [{source: {principals}}]}]])
		expect(found.check?.wider).toEqual([])
		expect(
			found.made.reasons.map(({code, message}) => `${code} ${message.replace(/^.*other[.] /, "")}`),
		).toEqual([
			"IdentityNotShared Pods of bank, which it names, are in Linkerd and would be refused until they move as well.",
		])
	})

	test("stays who it was when the first pod moved", () => {
		const [copy] = translate(namespace("shop"), strict, bank, other).made.before
		if (copy === undefined) throw new Error("no copy was made")
		const later = translate(namespace("shop"), strict, sidecarPod("pay", {namespace: "bank"}), other, copy)
		expect(rulesIn(later)).toEqual(rulesIn(translate(namespace("shop"), strict, bank, other)))
	})
})

test("what was made stays when all pods have moved, while Linkerd's own goes object by object", () => {
	const strict = {inbound: "all-authenticated"}
	const [copy] = translate(namespace("shop"), cart(strict), server).made.before
	if (copy === undefined) throw new Error("no copy was made")
	const moved = sidecarPod("cart-1", {labels: {app: "cart"}})
	expect(translate(namespace("shop"), moved, copy).made.before).toEqual([copy])
	expect(translate(namespace("shop"), moved, copy, server).check).toBeUndefined()
})

describe("what is refused", () => {
	test.each([
		["two Servers for one port", {port: 8080, podSelector: {matchLabels: {app: "cart"}}}, "Server"],
		[
			"a Server by the cluster's networks",
			{port: 9090, podSelector: {}, accessPolicy: "cluster-authenticated"},
			"Server",
		],
	])("%s", (_, spec, kind) => {
		const found = translate(namespace("shop"), cart(), server, linkerdPolicy(kind, "other", spec))
		expect(found.made.before).toEqual([])
	})

	test("a policy of Istio's by the same name, a route of gRPC on a Server", () => {
		const target = {targetRef: {kind: "Server", name: "http"}, requiredAuthenticationRefs: []}
		const own = linkerdPolicy("AuthorizationPolicy", "p", target)
		const istio = {...own, apiVersion: "security.istio.io/v1", ...{spec: {}}}
		const route = {
			apiVersion: "gateway.networking.k8s.io/v1",
			kind: "GRPCRoute",
			metadata: {name: "g", namespace: "shop"},
			...{spec: {parentRefs: [{group: "policy.linkerd.io", kind: "Server", name: "http"}]}},
		}
		const found = translate(namespace("shop"), cart(), server, own, istio, route)
		expect(found.made.reasons.map(({code, object}) => [code, object])).toEqual([
			["PolicyNotTranslatable", refOf(own)],
			["PolicyNotTranslatable", refOf(route)],
		])
	})
})
