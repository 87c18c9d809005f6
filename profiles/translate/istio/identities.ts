import type {Policy, Rule} from "../../policy/istio/read.ts"
import {conditionTerms, holds, sourceTerms} from "../../policy/istio/rules.ts"
import {clausesAtZtunnel, exceedsZtunnel} from "../../policy/istio/ztunnel.ts"
import type {Identity, Request} from "../../policy/request.ts"

const byIdentity: readonly string[] = [
	"principals",
	"namespaces",
	"serviceAccounts",
	"trustDomains",
	"source.principal",
	"source.namespace",
	"source.serviceAccount",
	"source.trustDomain",
]

/** A request of which nothing is known but who calls. */
const requestOf = (identity: Identity): Request => ({
	source: {...identity, labels: {}, ip: "", identity},
	destination: {namespace: "", labels: {}, ip: "", port: 0},
})

/**
 * Whether a rule names callers and may match this one, whatever else the request is. Of several alternatives each
 * is asked for itself.
 */
export function mayMatch({namespace}: Policy, rule: Rule, identity: Identity): boolean {
	const conditions = conditionTerms(rule)
	const alternatives =
		rule.from.length === 0 ? [conditions] : rule.from.map((one) => [...sourceTerms(one), ...conditions])
	return alternatives.some((terms) => {
		const naming = terms.filter(({key}) => byIdentity.includes(key))
		return naming.length > 0 && naming.every((term) => holds(term, requestOf(identity), namespace))
	})
}

/** A DENY rule that would deny more in ztunnel than it says: it lost attributes of HTTP and still matches something. */
export const overDenies = (rule: Rule): boolean =>
	exceedsZtunnel(rule) && clausesAtZtunnel(rule).every((clause) => clause.some((terms) => terms.length > 0))
