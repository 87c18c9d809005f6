import {describe, expect, test} from "vitest"
import type {KubeObject} from "../../snapshot/object.ts"
import {snapshotOf} from "../../snapshot/snapshot.ts"
import {deployment, policy, service, sidecarPod} from "../../testing/builders.ts"
import {linkerdPod, linkerdPolicy} from "../../testing/linkerd.ts"
import {sidecarToLinkerd} from "./namespace-to-linkerd.ts"

const bare = {template: {spec: {containers: [{name: "app"}]}}}
const cart = [
	deployment("cart", bare),
	service("cart", {ports: [{name: "http", port: 80, targetPort: 8080}]}),
	sidecarPod("cart-1", {labels: {app: "cart"}}),
]
const allow = (rule: object, selector: object = {matchLabels: {app: "cart"}}) =>
	policy("AuthorizationPolicy", "p", {selector, action: "ALLOW", rules: [rule]})
const from = (source: object) => ({from: [{source}]})
const translate = (...objects: readonly KubeObject[]) =>
	sidecarToLinkerd(snapshotOf([...cart, ...objects]), "shop")

const specs = (objects: readonly KubeObject[], kind: string) =>
	objects.filter((one) => one.kind === kind).map((one) => (one as {spec?: unknown}).spec)
const codes = ({made}: ReturnType<typeof translate>) => made.reasons.map(({code}) => code)

describe("callers in Istio", () => {
	const anyone = allow(from({principals: ["*"]}))
	const bank = sidecarPod("pay", {namespace: "bank"})

	test("are everyone in Linkerd, where nobody else is there", () => {
		expect(specs(translate(anyone, bank).made.before, "MeshTLSAuthentication")).toEqual([{identities: ["*"]}])
	})

	test("are told by namespaces where others are: in Linkerd they would be somebody", () => {
		const found = translate(anyone, bank, linkerdPod("old", {namespace: "elsewhere"}))
		expect(specs(found.made.before, "MeshTLSAuthentication")).toEqual([
			{
				identities: [
					"*.bank.serviceaccount.identity.linkerd.cluster.local",
					"*.shop.serviceaccount.identity.linkerd.cluster.local",
				],
			},
		])
		expect(found.check?.wider).toEqual([])
		expect(codes(found)).toEqual(["IdentityNotShared"])
	})
})

describe("pods that a policy closes", () => {
	test("are made closed, others are not", () => {
		const found = translate(allow(from({namespaces: ["bank"]})))
		expect(found.inbound({app: "cart", "pod-template-hash": "x"})).toBe("deny")
		expect(found.inbound({app: "web"})).toBeUndefined()
		expect(found.forAll).toBe(false)
	})

	test("are all that there will be, where a policy selects none", () => {
		expect(translate(allow(from({namespaces: ["bank"]}), {})).forAll).toBe(true)
	})

	test("are closed as a whole where nobody is admitted", () => {
		const found = translate(policy("AuthorizationPolicy", "nobody", {}))
		expect(found.made.before).toEqual([])
		expect(found.made.translations.map(({verdict}) => verdict)).toEqual(["exact"])
		expect(found.inbound({app: "cart"})).toBe("deny")
	})
})

describe("probes", () => {
	const probed = (probe: object) =>
		deployment("cart-probed", {
			podLabels: {app: "cart"},
			template: {
				spec: {
					containers: [{name: "app", ports: [{name: "http", containerPort: 8080}], readinessProbe: probe}],
				},
			},
		})
	const byMethod = allow({to: [{operation: {methods: ["GET"]}}]})

	test("over HTTP are let through by a route of their own where the Server has routes", () => {
		const found = translate(byMethod, probed({httpGet: {path: "/live?full", port: "http"}}))
		expect(codes(found)).toEqual(["LinkerdAdmitsProbes"])
		expect(specs(found.made.before, "HTTPRoute")).toContainEqual({
			parentRefs: [{group: "policy.linkerd.io", kind: "Server", name: "heddle-app-cart-8080"}],
			rules: [{matches: [{path: {type: "Exact", value: "/live"}, method: "GET"}]}],
		})
		expect(found.check?.wider).toEqual([])
	})

	test("over gRPC would be refused", () => {
		expect(codes(translate(byMethod, probed({grpc: {port: 8080}})))).toEqual(["LinkerdRefusesGRPCProbes"])
	})
})

test("a Server that is there already is no place for another", () => {
	const server = linkerdPolicy("Server", "own", {podSelector: {}, port: 8080})
	expect(codes(translate(allow(from({ipBlocks: ["10.0.0.0/8"]})), server))).toEqual(["PolicyNotTranslatable"])
})

test("where mTLS is off, a name that Istio never sees is not let in", () => {
	const off = policy("PeerAuthentication", "off", {mtls: {mode: "DISABLE"}})
	expect(translate(allow(from({namespaces: ["bank"]})), off).check?.wider).not.toEqual([])
})
