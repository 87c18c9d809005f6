import type {Request} from "../request.ts"
import type {Policy, Rule, Source} from "./read.ts"
import {conditionTerms, holds, operationTerms, sourceTerms, type Term} from "./rules.ts"
import {matchesText} from "./strings.ts"

/** The conditions that ztunnel knows; `source.trustDomain` and `source.serviceAccount` are none of them. */
const known = ["source.ip", "source.namespace", "source.principal", "destination.ip", "destination.port"]

/** The address behind a proxy counts as an attribute of HTTP here. */
const ofHTTP: readonly (keyof Source)[] = ["remoteIpBlocks", "requestPrincipals"]

const isUsed = ({any, none}: {any: readonly string[]; none: readonly string[]}) =>
	any.length > 0 || none.length > 0

/** A rule uses something that ztunnel cannot check. */
export const exceedsZtunnel = (rule: Rule): boolean =>
	namesHTTP(rule) || rule.from.some(({trustDomains}) => isUsed(trustDomains))

/** A rule of which istiod knows that ztunnel cannot check all of it. Trust domains it passes over without a word. */
const namesHTTP = ({from, to, when}: Rule): boolean =>
	when.some(({key}) => !known.includes(key)) ||
	from.some((source) => ofHTTP.some((key) => isUsed(source[key]))) ||
	to.some(({hosts, methods, paths}) => [hosts, methods, paths].some(isUsed))

const remaining = (source: Source): Source => {
	const nothing = {any: [], none: []}
	return {...source, trustDomains: nothing, remoteIpBlocks: nothing, requestPrincipals: nothing}
}

/** ztunnel reads namespaces like other texts, so that a `*` in the middle is no wildcard. */
const asAtZtunnel = (terms: readonly Term[]): readonly Term[] =>
	terms.map((term) =>
		term.key === "namespaces" || term.key === "source.namespace"
			? {...term, matches: (value, {source}) => matchesText(value, source.identity?.namespace ?? "")}
			: term,
	)

/**
 * The clauses that istiod hands to ztunnel: a list of alternatives each, of which one has to match. An alternative
 * whose attributes were all of HTTP arrives empty, and an empty one is skipped.
 * Source: istio pilot/pkg/serviceregistry/ambient/authorization.go handleRule, ztunnel src/rbac.rs matches.
 */
export function clausesAtZtunnel(rule: Rule): readonly (readonly (readonly Term[])[])[] {
	const l4 = (terms: readonly Term[]) => terms.filter(({http}) => !http)
	const when = rule.when.map((condition) => [
		known.includes(condition.key) ? asAtZtunnel(conditionTerms({...rule, when: [condition]})) : [],
	])
	return [
		rule.to.map((operation) => l4(operationTerms(operation))),
		rule.from.map((source) => asAtZtunnel(sourceTerms(remaining(source)))),
		...when,
	].filter((clause) => clause.length > 0)
}

/**
 * Whether a rule matches in ztunnel. An ALLOW rule with an attribute of HTTP is dropped, so that it matches nothing;
 * of a DENY rule the attributes of HTTP are dropped, and a clause that is left empty never matches, so that the rule
 * may do nothing at all (istio#61126). Trust domains are dropped from both: an ALLOW rule that names callers beside
 * them lets in those of every trust domain.
 */
export function matchesAtZtunnel({action, namespace}: Policy, rule: Rule, request: Request): boolean {
	if (action === "ALLOW" && namesHTTP(rule)) return false
	return clausesAtZtunnel(rule).every((alternatives) =>
		alternatives.some((terms) => terms.length > 0 && terms.every((term) => holds(term, request, namespace))),
	)
}
