import fc from "fast-check"
import type {KubeObject, StringMap} from "../../snapshot/object.ts"
import {policy} from "../../testing/builders.ts"

/*
 * Policies of Istio as they come: few values that meet often, with the corners that make translators fail. Lists are
 * short and often absent, so that rules match some requests and not others.
 */

const values = {
	principals: [
		"cluster.local/ns/shop/sa/web",
		"cluster.local/ns/bank/sa/pay",
		"cluster.local/ns/shop/*",
		"*/sa/web",
		"*",
		"other.domain/ns/shop/sa/web",
		"cluster.local/ns/shop/sa/waypoint",
	],
	namespaces: ["shop", "bank", "b*", "*nk", "b*k", "*"],
	serviceAccounts: ["web", "bank/pay", "shop/cart"],
	trustDomains: ["cluster.local", "other.domain", "cluster*"],
	requestPrincipals: ["*", "https://issuer.example/alice", "https://issuer.example/*", "*/bob"],
	ipBlocks: ["10.0.1.0/24", "10.0.2.7", "0.0.0.0/0"],
	remoteIpBlocks: ["10.0.1.0/24", "10.0.3.1"],
	ports: ["8080", "9090", "80", "8081"],
	hosts: ["cart.shop", "Cart.Shop", "*.example", "*"],
	methods: ["GET", "DELETE", "P*", "*"],
	paths: ["/admin", "/admin/*", "*/open", "/", "*"],
} as const

const conditions: Readonly<Record<string, readonly string[]>> = {
	"source.namespace": values.namespaces,
	"source.principal": values.principals,
	"source.ip": values.ipBlocks,
	"source.trustDomain": values.trustDomains,
	"source.serviceAccount": values.serviceAccounts,
	"remote.ip": values.ipBlocks,
	"destination.ip": ["10.0.9.0/24", "10.0.9.4"],
	"destination.port": values.ports,
	"request.headers[X-Team]": ["red", "bl*", "*"],
	"request.auth.principal": values.requestPrincipals,
	"request.auth.audiences": ["shop", "b*"],
	"request.auth.presenter": ["kiosk", "*sk"],
	"request.auth.claims[group]": ["admins", "*s"],
}

const some = (all: readonly string[]) => fc.subarray([...all], {minLength: 1, maxLength: 2})
const negated = (key: string) => `not${key[0]?.toUpperCase()}${key.slice(1)}`

/** One or two of these fields, each as it is or, where that is wanted, negated. */
function fields(
	keys: readonly (keyof typeof values)[],
	negations: boolean,
): fc.Arbitrary<Readonly<Record<string, string[]>>> {
	const one = fc
		.constantFrom(...keys)
		.chain((key) =>
			fc
				.tuple(negations ? fc.boolean() : fc.constant(false), some(values[key]))
				.map(([not, list]) => [not ? negated(key) : key, list] as const),
		)
	return fc.array(one, {minLength: 1, maxLength: 2}).map((entries) => Object.fromEntries(entries))
}

export type Vocabulary = {
	readonly sources: readonly (keyof typeof values)[]
	readonly operations: readonly (keyof typeof values)[]
	readonly conditions: readonly string[]
	readonly actions: readonly string[]
	/** Values that must not match are no part of it. */
	readonly positive?: boolean
}

/** All that Istio knows of. */
export const everything: Vocabulary = {
	sources: [
		"principals",
		"principals",
		"namespaces",
		"serviceAccounts",
		"trustDomains",
		"requestPrincipals",
		"ipBlocks",
		"remoteIpBlocks",
	],
	operations: ["ports", "ports", "hosts", "methods", "methods", "paths"],
	conditions: Object.keys(conditions),
	actions: ["ALLOW", "DENY"],
}

function ruleOf({sources, operations, conditions: keys, positive}: Vocabulary) {
	const negations = positive !== true
	const from = fc.array(
		fields(sources, negations).map((source) => ({source})),
		{minLength: 1, maxLength: 2},
	)
	const to = fc.array(
		fields(operations, negations).map((operation) => ({operation})),
		{minLength: 1, maxLength: 2},
	)
	const when = fc.array(
		fc
			.constantFrom(...(keys.length === 0 ? ["source.ip"] : keys))
			.chain((key) =>
				fc
					.tuple(fc.boolean(), some(conditions[key] ?? []))
					.map(([not, list]) => ({key, [not ? "notValues" : "values"]: list})),
			),
		{minLength: 1, maxLength: 1},
	)
	return fc.record(
		{
			from,
			to,
			...(keys.length === 0
				? {}
				: {when: fc.oneof({weight: 3, arbitrary: fc.constant([])}, {weight: 1, arbitrary: when})}),
		},
		{requiredKeys: []},
	)
}

const selectors: readonly (StringMap | undefined)[] = [
	undefined,
	{app: "cart"},
	{app: "cart"},
	{app: "web"},
	{tier: "backend"},
	{app: "worker"},
]

/** Up to three AuthorizationPolicies of the namespace `shop`, or of the mesh. */
export const istioPolicies = (vocabulary: Vocabulary = everything): fc.Arbitrary<readonly KubeObject[]> => {
	const one = fc.record({
		action: fc.constantFrom(...vocabulary.actions),
		selector: fc.constantFrom(...selectors),
		rules: fc.array(ruleOf(vocabulary), {maxLength: 2}),
		home: fc.constantFrom("shop", "shop", "shop", "istio-system"),
	})
	return fc.array(one, {minLength: 1, maxLength: 3}).map((all) =>
		all.map(({action, selector, rules, home}, index) =>
			policy(
				"AuthorizationPolicy",
				`p${index}`,
				{
					...(selector === undefined ? {} : {selector: {matchLabels: selector}}),
					action,
					...(rules.length === 0 ? {} : {rules: rules.map(withoutEmpty)}),
				},
				{namespace: home},
			),
		),
	)
}

const withoutEmpty = (rule: Readonly<Record<string, unknown>>) =>
	Object.fromEntries(Object.entries(rule).filter(([, list]) => !Array.isArray(list) || list.length > 0))
