import {CiliumNetworkPolicy} from "../../apis/cilium/kinds.ts"
import {accountLabel, namespaceLabel} from "../../policy/cilium/decide.ts"
import {type Operation, type Policy, type Rule, readPolicy, type Source} from "../../policy/istio/read.ts"
import {type KubeObject, refOf} from "../../snapshot/object.ts"
import {fieldsOf, type UsedField} from "../istio/fields.ts"
import {owned} from "../owned.ts"
import {type FieldVerdict, joined, nothingTranslated, type Translated, worstOf} from "../types.ts"

export type ToCilium = {
	readonly namespace: string
	/** Enforced AuthorizationPolicies that select pods here. */
	readonly policies: readonly KubeObject[]
	readonly trustDomain: string
	/**
	 * Whether every pod of a service account, or, without a name, of a namespace proves its identity today. Cilium goes
	 * by labels: a pod outside of the mesh, which is nobody to Istio, is somebody to Cilium.
	 */
	readonly isMeshed: (namespace: string, serviceAccount?: string) => boolean
	/** The agent's Envoy normalizes paths before it compares them; else a path may lead elsewhere than it says. */
	readonly normalizesPaths: boolean
}

/**
 * Istio's policies as CiliumNetworkPolicies, one for each: both admit what some rule admits once a policy closes the
 * pods. A DENY does not close them.
 */
export function toCilium(input: ToCilium): Translated {
	return input.policies.map((object) => carry(object, input)).reduce(joined, nothingTranslated)
}

function carry(object: KubeObject, input: ToCilium): Translated {
	const policy = readPolicy(object).value
	const fields = verdicts(policy, input)
	const verdict = worstOf(fields)
	const source = refOf(object)
	if (verdict === "blocked" || policy.action === "AUDIT")
		return {...nothingTranslated, translations: [{source, verdict, fields, objects: []}]}
	const own = policy.namespace === input.namespace
	const made = owned({
		source: object,
		role: "copy",
		namespace: input.namespace,
		name: `heddle-${own ? "" : `${policy.namespace}.`}${policy.name}`,
		type: {apiVersion: `${CiliumNetworkPolicy.group}/v2`, kind: CiliumNetworkPolicy.kind},
		spec: {endpointSelector: {matchLabels: policy.selector ?? {}}, ...rulesOf(policy)},
	})
	return {
		...nothingTranslated,
		translations: [{source, verdict, fields, objects: [made]}],
		before: [made],
		retired: own ? [source] : [],
	}
}

function verdicts(policy: Policy, input: ToCilium): readonly FieldVerdict[] {
	if (policy.action === "CUSTOM")
		return [{path: "spec.action", verdict: "blocked", note: "Cilium asks no external authorizer"}]
	if (policy.action === "AUDIT")
		return [{path: "spec.action", verdict: "dropped", note: "it denies nothing; Hubble logs every verdict"}]
	const combined = policy.rules.flatMap(({from}, index) =>
		from.flatMap((source, at) =>
			callersOf(source).length === 1
				? []
				: [blocked(`spec.rules[${index}].from[${at}].source`, "callers named in several ways at once")],
		),
	)
	const portless = policy.rules.flatMap(({to}, index) =>
		to.flatMap(({ports, methods, paths}, at) =>
			usesHTTP({methods, paths}) && ports.any.length === 0
				? [
						blocked(
							`spec.rules[${index}].to[${at}].operation`,
							"Cilium looks at HTTP on ports that are named",
						),
					]
				: [],
		),
	)
	const mixed = policy.rules.flatMap(({to}, index) =>
		to.some(usesHTTP) && !to.every(usesHTTP)
			? [
					blocked(
						`spec.rules[${index}].to`,
						"a connection that is not HTTP skips all of it, as it looks at HTTP somewhere",
					),
				]
			: [],
	)
	return [
		{path: "spec.selector", verdict: "exact", note: "endpointSelector"},
		...mixed,
		...combined,
		...portless,
		...fieldsOf(policy.rules).map((field) => verdictOf(field, policy, input)),
	]
}

const blocked = (path: string, note: string): FieldVerdict => ({path, verdict: "blocked", note})

const usesHTTP = ({methods, paths}: Pick<Operation, "methods" | "paths">): boolean =>
	methods.any.length + paths.any.length > 0

const callersOf = ({principals, namespaces, serviceAccounts}: Source) =>
	[principals, namespaces, serviceAccounts].filter(({any}) => any.length > 0)

function verdictOf(field: UsedField, policy: Policy, input: ToCilium): FieldVerdict {
	const {path, key, values} = field
	if (values.none.length > 0) return blocked(path, "Cilium cannot say what must not match")
	const http = key === "methods" || key === "paths"
	if (http && policy.action === "DENY") return blocked(path, "Cilium denies by callers and ports only")
	const problem = problems[key]
	if (problem === undefined) return blocked(path, "Cilium has no rule for it")
	const wrong = values.any.map((value) => problem(value, policy, input)).find((note) => note !== undefined)
	if (wrong !== undefined) return blocked(path, wrong)
	return {path, verdict: "exact", note: notes[key] ?? "toPorts"}
}

const notes: Readonly<Record<string, string>> = {
	principals: "by labels, for service accounts whose pods are all in the mesh",
	namespaces: "by labels, for namespaces whose pods are all in the mesh",
	serviceAccounts: "by labels, for service accounts whose pods are all in the mesh",
	methods: "rules.http",
	paths: "rules.http",
}

type Problem = (value: string, policy: Policy, input: ToCilium) => string | undefined

const outside = "pods outside of the mesh have its labels, too, and Cilium would take them for it"

const problems: Readonly<Record<string, Problem>> = {
	principals: (value, _, input) => {
		const account = accountOf(value)
		if (account === undefined || account.trustDomain !== input.trustDomain)
			return "Cilium knows whole names of service accounts of this cluster only"
		return input.isMeshed(account.namespace, account.name) ? undefined : outside
	},
	namespaces: (value, _, input) =>
		value.includes("*")
			? "Cilium knows whole names of namespaces only"
			: input.isMeshed(value)
				? undefined
				: outside,
	serviceAccounts: (value, policy, input) => {
		const [name, namespace = policy.namespace] = value.split("/").reverse()
		return input.isMeshed(namespace, name) ? undefined : outside
	},
	ports: () => undefined,
	methods: () => undefined,
	paths: (value, _, {normalizesPaths}) =>
		value.includes("*") && !normalizesPaths
			? "the agent does not normalize paths, so that one may lead elsewhere than it begins"
			: undefined,
}

const accountOf = (principal: string) => {
	const [, trustDomain, namespace, name] = /^([^*/]+)\/ns\/([^*/]+)\/sa\/([^*/]+)$/.exec(principal) ?? []
	return trustDomain === undefined || namespace === undefined || name === undefined
		? undefined
		: {trustDomain, namespace, name}
}

function rulesOf(policy: Policy): Readonly<Record<string, unknown>> {
	if (policy.action === "DENY") {
		const ingressDeny = policy.rules.flatMap((rule) => ingressOf(rule, policy))
		return {ingressDeny, enableDefaultDeny: {ingress: false}}
	}
	// An empty rule admits nobody and closes the pods, as a policy without rules does.
	return {ingress: policy.rules.length === 0 ? [{}] : policy.rules.flatMap((rule) => ingressOf(rule, policy))}
}

function ingressOf(rule: Rule, policy: Policy): readonly object[] {
	const endpoints = rule.from.flatMap((source) => endpointsOf(source, policy))
	const from = rule.from.length === 0 ? {fromEntities: ["all"]} : {fromEndpoints: endpoints}
	const toPorts = rule.to.map(portsOf)
	return [{...from, ...(toPorts.length === 0 ? {} : {toPorts})}]
}

function endpointsOf({principals, namespaces, serviceAccounts}: Source, policy: Policy): readonly object[] {
	const labelled = (namespace: string, name?: string) => ({
		matchLabels: {
			[`k8s:${namespaceLabel}`]: namespace,
			...(name === undefined ? {} : {[`k8s:${accountLabel}`]: name}),
		},
	})
	return [
		...principals.any.flatMap((one) => {
			const account = accountOf(one)
			return account === undefined ? [] : [labelled(account.namespace, account.name)]
		}),
		...namespaces.any.map((one) => labelled(one)),
		...serviceAccounts.any.map((one) => {
			const [name, namespace = policy.namespace] = one.split("/").reverse()
			return labelled(namespace, name)
		}),
	]
}

function portsOf({ports, methods, paths}: Operation): object {
	const all = ports.any.length === 0 ? ["0"] : ports.any
	const http = pairs(methods.any, paths.any).map(([method, path]) => ({
		...(method === undefined ? {} : {method: methodPattern(method)}),
		...(path === undefined ? {} : {path: pathPattern(path)}),
	}))
	return {
		ports: all.map((port) => ({port, protocol: "TCP"})),
		...(usesHTTP({methods, paths}) ? {rules: {http}} : {}),
	}
}

const orNone = (list: readonly string[]): readonly (string | undefined)[] =>
	list.length === 0 ? [undefined] : list

const pairs = (methods: readonly string[], paths: readonly string[]) =>
	orNone(methods).flatMap((method) => orNone(paths).map((path) => [method, path] as const))

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")

const methodPattern = (value: string): string =>
	value === "*"
		? ".+"
		: value.startsWith("*")
			? `.*${escaped(value.slice(1))}`
			: value.endsWith("*")
				? `${escaped(value.slice(0, -1))}.*`
				: escaped(value)

/** Cilium compares the path with its query, Istio without: what follows a question mark is let be. */
const pathPattern = (value: string): string => {
	const query = "(\\?.*)?"
	if (value === "*") return ".+"
	if (value.startsWith("*")) return `[^?]*${escaped(value.slice(1))}${query}`
	if (value.endsWith("*")) return `${escaped(value.slice(0, -1))}.*`
	return `${escaped(value)}${query}`
}
