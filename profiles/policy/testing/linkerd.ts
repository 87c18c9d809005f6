import fc from "fast-check"
import type {KubeObject} from "../../snapshot/object.ts"

const object = (kind: string, name: string, spec: object): KubeObject =>
	({
		apiVersion: kind === "Server" ? "policy.linkerd.io/v1beta3" : "policy.linkerd.io/v1alpha1",
		kind,
		metadata: {name, namespace: "shop"},
		...{spec},
	}) as KubeObject

const access = fc.constantFrom("deny", "deny", "all-unauthenticated", "all-authenticated", "audit")
const servers = fc
	.subarray([
		["cart-admin", "cart", 9090],
		["web-http", "web", 8080],
		["ledger-http", "ledger", "http"],
	] as const)
	.map((chosen) => [["cart-http", "cart", 8080] as const, ...chosen])
	.chain((chosen) =>
		fc.tuple(...chosen.map(() => access)).map((policies) =>
			chosen.map(([name, app, port], index) =>
				object("Server", name, {
					podSelector: {matchLabels: {app}},
					port,
					accessPolicy: policies[index],
				}),
			),
		),
	)

const identities = fc.subarray(
	[
		"web.shop.serviceaccount.identity.linkerd.cluster.local",
		"pay.bank.serviceaccount.identity.linkerd.cluster.local",
		"*.shop.serviceaccount.identity.linkerd.cluster.local",
		"*",
		"*.elsewhere",
	],
	{minLength: 1, maxLength: 2},
)
const networks = fc.subarray(
	[{cidr: "10.0.1.0/24"}, {cidr: "10.0.0.0/16", except: ["10.0.2.7/32"]}, {cidr: "0.0.0.0/0"}],
	{minLength: 1, maxLength: 2},
)
const authentications = fc
	.tuple(identities, networks)
	.map(([names, blocks]) => [
		object("MeshTLSAuthentication", "m0", {identities: names}),
		object("MeshTLSAuthentication", "m1", {identityRefs: [{kind: "ServiceAccount", name: "cart"}]}),
		object("NetworkAuthentication", "n0", {networks: blocks}),
	])

const required = fc.subarray(
	[
		{group: "policy.linkerd.io", kind: "MeshTLSAuthentication", name: "m0"},
		{group: "policy.linkerd.io", kind: "NetworkAuthentication", name: "n0"},
		{kind: "ServiceAccount", name: "web"},
	],
	{maxLength: 2},
)
const target = fc.constantFrom(
	{group: "policy.linkerd.io", kind: "Server", name: "cart-http"},
	{group: "policy.linkerd.io", kind: "Server", name: "web-http"},
	{group: "policy.linkerd.io", kind: "HTTPRoute", name: "r0"},
	{group: "policy.linkerd.io", kind: "HTTPRoute", name: "r0"},
	{kind: "Namespace", name: "shop"},
)
const authorizations = fc
	.array(fc.record({targetRef: target, requiredAuthenticationRefs: required}), {maxLength: 3})
	.map((all) => all.map((spec, index) => object("AuthorizationPolicy", `a${index}`, spec)))

const someMatch = fc.record(
	{
		path: fc.constantFrom(
			{type: "Exact", value: "/admin"},
			{type: "PathPrefix", value: "/admin"},
			{type: "PathPrefix", value: "/"},
		),
		method: fc.constantFrom("GET", "DELETE"),
		headers: fc.constant([{name: "X-Team", value: "red"}]),
	},
	{requiredKeys: []},
)
/** An empty match is every request, and yet no connection that is not HTTP. */
const match = fc.oneof({weight: 3, arbitrary: someMatch}, {weight: 1, arbitrary: fc.constant({})})

const routes = fc.array(fc.array(match, {minLength: 1, maxLength: 2}), {maxLength: 2}).map((all) =>
	all.map((matches, index) =>
		object("HTTPRoute", `r${index}`, {
			parentRefs: [{group: "policy.linkerd.io", kind: "Server", name: "cart-http"}],
			rules: [{matches}],
		}),
	),
)

/** Linkerd's policies of the namespace `shop`. */
export const linkerdPolicies: fc.Arbitrary<readonly KubeObject[]> = fc
	.tuple(
		servers,
		authentications,
		authorizations,
		fc.oneof({weight: 3, arbitrary: fc.constant([])}, {weight: 2, arbitrary: routes}),
	)
	.map((all) => all.flat())
