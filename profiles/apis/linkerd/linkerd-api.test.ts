import fc from "fast-check"
import {describe, expect, test} from "vitest"
import {inUse} from "../../in-use.ts"
import {istioAmbient} from "../../istio-ambient/index.ts"
import {istioSidecar} from "../../istio-sidecar/index.ts"
import {linkerd} from "../../linkerd/index.ts"
import {none} from "../../none/index.ts"
import type {KubeObject} from "../../snapshot/object.ts"
import {snapshotOf} from "../../snapshot/snapshot.ts"
import {deployment, namespace, pod, policy, service} from "../../testing/builders.ts"
import {brief, moveTo} from "../../testing/cases.ts"
import {linkerdPod, linkerdPolicy} from "../../testing/linkerd.ts"
import {policiesLostWhenLeaving} from "./leaving.ts"

const used = (...objects: KubeObject[]) =>
	inUse(snapshotOf([namespace("shop"), ...objects]), "shop").features.map(
		({name, usedBy}) => `${name} ${usedBy.join(" ")}`,
	)
const target = (kind: string) => ({targetRef: {kind, name: "x"}, requiredAuthenticationRefs: []})
const inbound = (value: string) => ({"config.linkerd.io/default-inbound-policy": value})

describe("features in use by Linkerd's objects", () => {
	const cases: readonly (readonly [name: string, object: KubeObject, wanted: readonly string[]])[] = [
		[
			"a Server refuses by default",
			linkerdPolicy("Server", "s", {port: 80}),
			["L4Authorization Server/shop/s"],
		],
		["one that audits refuses nobody", linkerdPolicy("Server", "s", {accessPolicy: "audit"}), []],
		[
			"a policy on a Server is about connections",
			linkerdPolicy("AuthorizationPolicy", "a", target("Server")),
			["L4Authorization AuthorizationPolicy/shop/a"],
		],
		[
			"one on a route is about requests",
			linkerdPolicy("AuthorizationPolicy", "a", target("HTTPRoute")),
			["L7Authorization AuthorizationPolicy/shop/a"],
		],
		[
			"an older authorization",
			linkerdPolicy("ServerAuthorization", "a", {client: {}, server: {name: "s"}}),
			["L4Authorization ServerAuthorization/shop/a"],
		],
		[
			"a limit of requests",
			linkerdPolicy("HTTPLocalRateLimitPolicy", "l", {targetRef: {kind: "Server", name: "s"}}),
			["LocalRateLimit HTTPLocalRateLimitPolicy/shop/l"],
		],
		[
			"egress",
			linkerdPolicy("EgressNetwork", "e", {trafficPolicy: "Deny"}),
			["EgressByFQDN EgressNetwork/shop/e"],
		],
		[
			"a ServiceProfile",
			linkerdPolicy("ServiceProfile", "p", {
				routes: [{isRetryable: true}, {timeout: "1s"}],
				dstOverrides: [{authority: "a", weight: 1}],
			}),
			[
				"TrafficSplit ServiceProfile/shop/p",
				"HTTPTimeout ServiceProfile/shop/p",
				"HTTPRetry ServiceProfile/shop/p",
			],
		],
		[
			"its own HTTPRoute",
			linkerdPolicy("HTTPRoute", "r", {
				parentRefs: [{kind: "Service", name: "cart"}],
				rules: [{backendRefs: [{name: "a"}, {name: "b"}]}],
			}),
			["TrafficSplit HTTPRoute/shop/r"],
		],
		[
			"a route on a Server routes nothing",
			linkerdPolicy("HTTPRoute", "r", {parentRefs: [{kind: "Server", name: "s"}], rules: [{}]}),
			[],
		],
		[
			"annotations of a Service",
			service("cart", {
				annotations: {
					"retry.linkerd.io/http": "5xx",
					"timeout.linkerd.io/request": "1s",
					"balancer.linkerd.io/failure-accrual": "consecutive",
				},
			}),
			["HTTPTimeout Service/shop/cart", "HTTPRetry Service/shop/cart", "OutlierDetection Service/shop/cart"],
		],
		[
			"annotations of a route",
			policy("GRPCRoute", "r", {rules: []}, {annotations: {"retry.linkerd.io/grpc": "internal"}}),
			["HTTPRetry GRPCRoute/shop/r"],
		],
		[
			"an inbound policy of pods",
			deployment("cart", {template: {metadata: {annotations: inbound("all-authenticated")}}}),
			["MTLSStrict Deployment/shop/cart"],
		],
		[
			"an access log",
			deployment("cart", {template: {metadata: {annotations: {"config.linkerd.io/access-log": "json"}}}}),
			["AccessLogs Deployment/shop/cart"],
		],
		[
			"a Service that is mirrored to other clusters",
			service("cart", {labels: {"mirror.linkerd.io/exported": "true"}}),
			["MultiCluster Service/shop/cart"],
		],
	]
	test.each(cases)("%s", (_, object, wanted) => {
		expect(used(object)).toEqual(wanted)
	})

	test("of the namespace's own inbound policy deny remains, whatever mTLS says", () => {
		const denied = snapshotOf([namespace("shop", {}, inbound("deny"))])
		expect(inUse(denied, "shop").features.map(({name}) => name)).toEqual(["L4Authorization"])
	})

	test("what cannot be read blocks", () => {
		const odd = snapshotOf([namespace("shop"), linkerdPolicy("Server", "s", {accessPolicy: 1})])
		expect(brief(inUse(odd, "shop").reasons)).toEqual(["block UnreadablePolicy Server/shop/s"])
	})
})

describe("what is lost when Linkerd is left", () => {
	const inside = linkerdPod("cart-1", {owner: {kind: "ReplicaSet", name: "cart-5d"}})
	const outside = pod("cart-1", {owner: {kind: "ReplicaSet", name: "cart-5d"}})
	const lostOf = (one: KubeObject, ...objects: KubeObject[]) =>
		brief(policiesLostWhenLeaving(snapshotOf([namespace("shop"), one, ...objects]), "shop"))
	const stops = "block LinkerdPolicyStopsBeingEnforced"
	const accounts = {identityRefs: [{kind: "ServiceAccount", name: "web", namespace: "shop"}]}
	const identities = {identities: ["*.shop.serviceaccount.identity.linkerd.cluster.local", "*"]}
	const cases: readonly (readonly [name: string, object: KubeObject, wanted: readonly string[]])[] = [
		["a Server that closes its port", linkerdPolicy("Server", "s", {}), [`${stops} Server/shop/s`]],
		["one that lets everyone pass", linkerdPolicy("Server", "s", {accessPolicy: "all-unauthenticated"}), []],
		[
			"an authorization",
			linkerdPolicy("AuthorizationPolicy", "a", target("Namespace")),
			[`${stops} AuthorizationPolicy/shop/a`],
		],
		[
			"a refusal of egress",
			linkerdPolicy("EgressNetwork", "e", {trafficPolicy: "Deny"}),
			[`${stops} EgressNetwork/shop/e`],
		],
		[
			"one for every namespace",
			linkerdPolicy("EgressNetwork", "e", {trafficPolicy: "Deny"}, {namespace: "linkerd-egress"}),
			[`${stops} EgressNetwork/linkerd-egress/e`],
		],
		[
			"an inbound policy",
			deployment("cart", {template: {metadata: {annotations: inbound("cluster-authenticated")}}}),
			[`${stops} Deployment/shop/cart`],
		],
		[
			"a ServiceProfile with retries",
			linkerdPolicy("ServiceProfile", "p", {routes: [{isRetryable: true}]}),
			["block LinkerdRoutingNotRead ServiceProfile/shop/p"],
		],
		[
			"retries by annotation",
			service("cart", {annotations: {"retry.linkerd.io/limit": "2"}}),
			["block LinkerdRoutingNotRead Service/shop/cart"],
		],
		[
			"opaque ports",
			service("db", {annotations: {"config.linkerd.io/opaque-ports": "3306"}}),
			["accept LinkerdSettingNotRead Service/shop/db"],
		],
		[
			"ports that pass by the proxy",
			deployment("db", {
				template: {metadata: {annotations: {"config.linkerd.io/skip-inbound-ports": "4567"}}},
			}),
			["accept LinkerdSettingNotRead Deployment/shop/db"],
		],
		[
			"the identity that others name",
			linkerdPolicy("MeshTLSAuthentication", "m", accounts, {namespace: "bank"}),
			["block IdentityLostForPeers MeshTLSAuthentication/bank/m"],
		],
		[
			"the identity that others name in full",
			linkerdPolicy("MeshTLSAuthentication", "m", identities, {namespace: "bank"}),
			["block IdentityLostForPeers MeshTLSAuthentication/bank/m"],
		],
		[
			"any identity, which the inbound policy of others asks for",
			namespace("bank", {}, {"config.linkerd.io/default-inbound-policy": "all-authenticated"}),
			["accept StrictServersRejectPlaintext Namespace/bank"],
		],
		[
			"any identity, which a Server of others asks for",
			linkerdPolicy("Server", "s", {accessPolicy: "cluster-authenticated"}, {namespace: "bank"}),
			["accept StrictServersRejectPlaintext Server/bank/s"],
		],
		[
			"an identity, which an older authorization of others asks for",
			linkerdPolicy(
				"ServerAuthorization",
				"a",
				{client: {meshTLS: {identities: ["*"]}}},
				{namespace: "bank"},
			),
			["accept StrictServersRejectPlaintext ServerAuthorization/bank/a"],
		],
		[
			"others that admit everyone lose nothing",
			namespace("bank", {}, {"config.linkerd.io/default-inbound-policy": "all-unauthenticated"}),
			[],
		],
		[
			"a proxy in the template stays",
			deployment("cart", {template: {spec: {containers: [{name: "linkerd-proxy"}]}}}),
			["block LinkerdProxyInTemplate Deployment/shop/cart"],
		],
	]
	test("what proxies were started with is lost too, where no annotation says it", () => {
		const closed = linkerdPod("cart-1", {inbound: "all-authenticated"})
		expect(lostOf(closed)).toEqual([`${stops} Namespace/shop`])
		expect(lostOf(closed, inside)).toEqual([`${stops} Namespace/shop`])
		const asks = deployment("cart", {template: {metadata: {annotations: inbound("all-authenticated")}}})
		expect(lostOf(closed, asks)).toEqual([`${stops} Deployment/shop/cart`])
		const over = linkerdPod("cart-1", {inbound: "deny", phase: "Succeeded"})
		expect(lostOf(over)).toEqual([])
	})

	test.each(cases)("%s", (_, object, wanted) => {
		expect(lostOf(inside, object)).toEqual(wanted)
	})

	test("others whose proxies were started with a policy of Linkerd's own ask for an identity as well", () => {
		const started = linkerdPod("ledger", {inbound: "cluster-authenticated", namespace: "bank"})
		expect(lostOf(inside, namespace("bank"), started)).toEqual([
			"accept StrictServersRejectPlaintext Namespace/bank",
		])
	})

	test("settings of pods that are elsewhere are lost already, policies are still meant", () => {
		const annotated = service("cart", {annotations: {"retry.linkerd.io/limit": "2"}})
		expect(lostOf(outside, annotated)).toEqual([])
		expect(lostOf(outside, linkerdPolicy("Server", "s", {}))).toEqual([`${stops} Server/shop/s`])
	})

	test("where no pod is seen nothing is out of force", () => {
		const egress = linkerdPolicy("EgressNetwork", "e", {trafficPolicy: "Deny"}, {namespace: "linkerd-egress"})
		expect(lostOf(egress)).toEqual([`${stops} EgressNetwork/linkerd-egress/e`])
	})

	test.each([istioSidecar, istioAmbient, none])("$name asks it", (dataplane) => {
		const snapshot = snapshotOf([namespace("shop"), inside, linkerdPolicy("Server", "s", {})])
		expect(brief(dataplane.hazards(snapshot, moveTo(dataplane.name)))).toContain(`${stops} Server/shop/s`)
	})
})

describe("objects of Linkerd that nobody validated", () => {
	const words = [
		"spec",
		"podSelector",
		"matchLabels",
		"matchExpressions",
		"targetRef",
		"routes",
		"identities",
		"server",
	]
	const nonsense = fc.letrec((tie) => ({
		value: fc.oneof(
			{depthSize: "small"},
			fc.jsonValue({maxDepth: 1}),
			fc.array(tie("value"), {maxLength: 3}),
			fc.dictionary(fc.oneof(fc.constantFrom(...words), fc.string()), tie("value"), {maxKeys: 4}),
		),
	})).value
	const kinds = [
		"Server",
		"ServerAuthorization",
		"AuthorizationPolicy",
		"MeshTLSAuthentication",
		"HTTPRoute",
		"HTTPLocalRateLimitPolicy",
		"EgressNetwork",
		"ServiceProfile",
	]
	test.each(kinds)("no spec of %s makes reading throw", (kind) => {
		const readAll = (spec: unknown) => {
			const snapshot = snapshotOf([namespace("shop"), deployment("cart"), linkerdPolicy(kind, "odd", spec)])
			inUse(snapshot, "shop")
			for (const dataplane of [linkerd, none]) dataplane.hazards(snapshot, moveTo(dataplane.name))
		}
		expect(() => fc.assert(fc.property(nonsense, readAll), {numRuns: 60})).not.toThrow()
	})
})
