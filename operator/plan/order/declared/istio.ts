import {authorizationsFor} from "../../../../profiles/apis/istio/authorization.ts"
import type {TargetRef} from "../../../../profiles/apis/istio/scope.ts"
import {type Rule, readPolicy, type Source} from "../../../../profiles/policy/istio/read.ts"
import * as kinds from "../../../../profiles/snapshot/kinds.ts"
import {refOf} from "../../../../profiles/snapshot/object.ts"
import type {Snapshot} from "../../../../profiles/snapshot/snapshot.ts"
import {anyone, type Claim, type Party} from "../claim.ts"

/**
 * Callers that ALLOW policies name by their identity or namespace.
 * Source: https://istio.io/latest/docs/reference/config/security/authorization-policy/
 */
export function claimsOfIstio(snapshot: Snapshot, namespace: string): readonly Claim[] {
	return authorizationsFor(snapshot, namespace).flatMap((object) => {
		const policy = readPolicy(object).value
		if (policy.action !== "ALLOW" || policy.dryRun) return []
		const callers = policy.rules.flatMap((rule) => callersOf(rule, policy.namespace))
		const callees: readonly Party[] =
			policy.targetRefs.length > 0
				? policy.targetRefs.flatMap((ref) => behind(snapshot, namespace, ref))
				: [
						{
							namespace,
							...(policy.selector === undefined ? {} : {labels: {matchLabels: policy.selector}}),
						},
					]
		return callees.map((callee) => ({callee, callers, gate: "istio" as const, by: refOf(object)}))
	})
}

/** Of a rule without sources everybody is a caller, unless a condition names them. */
function callersOf(rule: Rule, own: string): readonly Party[] {
	if (rule.from.length > 0) return rule.from.flatMap((source) => partiesOf(source, own))
	const named = rule.when.filter(({any}) => any.length > 0)
	const principals = named.find(({key}) => key === "source.principal")?.any
	const namespaces = named.find(({key}) => key === "source.namespace")?.any
	return principals?.map(partyOfPrincipal) ?? namespaces?.map(partyOfNamespace) ?? [anyone]
}

/** The narrowest of a source's fields; addresses and tokens name nobody. */
function partiesOf(source: Source, own: string): readonly Party[] {
	if (source.principals.any.length > 0) return source.principals.any.map(partyOfPrincipal)
	if (source.serviceAccounts.any.length > 0)
		return source.serviceAccounts.any.map((one) => partyOfAccount(one, own))
	return source.namespaces.any.length > 0 ? source.namespaces.any.map(partyOfNamespace) : [anyone]
}

/** `cluster.local/ns/shop/sa/web`; a pattern over names may be anybody. */
function partyOfPrincipal(principal: string): Party {
	const [, namespace, account] = /\/ns\/([^/*]+)\/(?:sa\/([^/*]+)|\*)$/.exec(principal) ?? []
	if (namespace === undefined) return anyone
	return account === undefined ? {namespace} : {namespace, account}
}

function partyOfAccount(text: string, own: string): Party {
	const [first = "", second] = text.split("/")
	return second === undefined ? {namespace: own, account: first} : {namespace: first, account: second}
}

const partyOfNamespace = (name: string): Party => (name.includes("*") ? anyone : {namespace: name})

/** The pods of a Service; all of the namespace where a waypoint or a gateway class is meant. */
function behind(snapshot: Snapshot, namespace: string, {kind, name}: TargetRef): readonly Party[] {
	if (kind !== "Service") return kind === "ServiceEntry" ? [] : [{namespace}]
	const selector = snapshot.get(kinds.Service, name, namespace)?.spec?.selector
	return selector === undefined ? [] : [{namespace, labels: {matchLabels: selector}}]
}
