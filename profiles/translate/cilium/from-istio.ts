import {CiliumNetworkPolicy} from "../../apis/cilium/kinds.ts"
import {type Operation, type Policy, type Rule, readPolicy} from "../../policy/istio/read.ts"
import {type KubeObject, refOf} from "../../snapshot/object.ts"
import {owned} from "../owned.ts"
import {joined, nothingTranslated, type Translated, worstOf} from "../types.ts"
import {blocksOf, endpointsOf, everyoneButTheNode, type Identities} from "./callers.ts"
import {headerOf, httpRules, usesHTTP} from "./http.ts"
import {verdictsAtCilium} from "./verdicts.ts"

export type ToCilium = Identities & {
	readonly namespace: string
	/** Enforced AuthorizationPolicies that select pods here, read without a fault. */
	readonly policies: readonly KubeObject[]
	/** The agent's Envoy normalizes paths before it compares them; else a path may lead elsewhere than it says. */
	readonly normalizesPaths: boolean
	/** A denial of Cilium's can leave what it does not name as it is. */
	readonly deniesAlone: boolean
	/** Ports of pods that Istio carries as plain TCP, since a Service says so: it reads no HTTP there. */
	readonly plainPorts: ReadonlySet<number>
}

/** What Istio's injector labels every pod with that gets a sidecar, whatever asked for it. */
export const sidecarMark = "security.istio.io/tlsMode"

/** Selects pods without a sidecar, from their first moment to their last. */
const withoutSidecar = {matchExpressions: [{key: sidecarMark, operator: "DoesNotExist"}]} as const

/**
 * Istio's policies as CiliumNetworkPolicies, one for each: both admit what some rule admits once a policy closes the
 * pods, and a DENY does not close them. Pods that still have their sidecars are left to them: Cilium's proxy could not
 * read what is mTLS there. A DENY holds for them as well, since a caller that has moved is nobody to a sidecar.
 */
export function toCilium(input: ToCilium): Translated {
	return input.policies.map((object) => carry(object, input)).reduce(joined, nothingTranslated)
}

function carry(object: KubeObject, input: ToCilium): Translated {
	const policy = readPolicy(object).value
	const fields = verdictsAtCilium(policy, input)
	const verdict = worstOf(fields)
	const source = refOf(object)
	if (verdict === "blocked" || policy.action === "AUDIT")
		return {...nothingTranslated, translations: [{source, verdict, fields, objects: []}]}
	const own = policy.namespace === input.namespace
	const retired = own ? [source] : []
	// It never denied anything, and Cilium refuses a policy without a rule.
	if (policy.action === "DENY" && policy.rules.length === 0)
		return {...nothingTranslated, translations: [{source, verdict, fields, objects: []}], retired}
	const made = owned({
		source: object,
		role: "copy",
		namespace: input.namespace,
		name: `heddle-${own ? "" : `${policy.namespace}.`}${policy.name}`,
		type: {apiVersion: `${CiliumNetworkPolicy.group}/v2`, kind: CiliumNetworkPolicy.kind},
		spec: {
			endpointSelector: {
				matchLabels: policy.selector ?? {},
				...(policy.action === "DENY" ? {} : withoutSidecar),
			},
			...rulesOf(policy, input),
		},
	})
	return {
		...nothingTranslated,
		translations: [{source, verdict, fields, objects: [made]}],
		before: [made],
		retired,
	}
}

function rulesOf(policy: Policy, input: ToCilium): Readonly<Record<string, unknown>> {
	if (policy.action === "DENY") {
		const ingressDeny = policy.rules.flatMap((rule) => deniesOf(rule, policy, input))
		return {ingressDeny, enableDefaultDeny: {ingress: false}}
	}
	return {ingress: [...policy.rules.flatMap((rule) => admitsOf(rule, policy, input)), ...besideTCP]}
}

/** Sidecars look at TCP alone, and what closes a pod in Cilium closes it for every protocol. */
const besideTCP: readonly object[] = [
	{fromEntities: ["all"], toPorts: [{ports: [{port: "0", protocol: "UDP"}]}]},
]

function admitsOf(rule: Rule, policy: Policy, input: ToCilium): readonly object[] {
	const toPorts = portsOf(rule)
	return callersOf(rule, policy, input, [{fromEntities: ["all"]}]).map((from) => ({
		...from,
		toPorts: toPorts.length === 0 ? everyTCPPort : toPorts,
	}))
}

function deniesOf(rule: Rule, policy: Policy, input: ToCilium): readonly object[] {
	const toPorts = portsOf(rule)
	return callersOf(rule, policy, input, everyoneButTheNode).map((from) => ({
		...from,
		toPorts: toPorts.length === 0 ? everyTCPPort : toPorts,
	}))
}

const everyTCPPort: readonly object[] = [{ports: [{port: "0", protocol: "TCP"}]}]

/** One item for each kind of peer: Cilium takes one kind at a time. */
function callersOf(
	{from}: Rule,
	policy: Policy,
	input: ToCilium,
	everyone: readonly object[],
): readonly object[] {
	if (from.length === 0) return everyone
	const fromEndpoints = from.flatMap((source) => endpointsOf(source, policy, input))
	const fromCIDRSet = from.flatMap(blocksOf)
	return [
		...(fromEndpoints.length === 0 ? [] : [{fromEndpoints}]),
		...(fromCIDRSet.length === 0 ? [] : [{fromCIDRSet}]),
	]
}

/** Cilium admits so many ports to one list. Source: cilium:pkg/policy/api/l4.go (MaxItems of PortRule.Ports) */
const mostPorts = 40

function portsOf({to, when}: Rule): readonly object[] {
	const byHeader = when.some((one) => headerOf(one) !== undefined)
	return to.flatMap((operation: Operation) => {
		const ports = operation.ports.any.length === 0 ? ["0"] : operation.ports.any
		const http = usesHTTP(operation) || byHeader ? {rules: {http: httpRules(operation, when)}} : {}
		return Array.from({length: Math.ceil(ports.length / mostPorts)}, (_, index) => ({
			ports: ports.slice(index * mostPorts, (index + 1) * mostPorts).map((port) => ({port, protocol: "TCP"})),
			...http,
		}))
	})
}
