import type {Callee, Request} from "../request.ts"
import {decideAtSidecar} from "./decide.ts"
import {requestsFrom} from "./derive.ts"
import type {Policy, Rule} from "./read.ts"

/** A rule that admits requests, and the policies that refuse every one of them. */
export type Contradiction = {
	readonly policy: Policy
	/** Of the policy's rules, from 0. */
	readonly rule: number
	readonly by: readonly string[]
}

/** Requests of each of two policies that are mixed with each other; both sides are bounded, for a plan looks often. */
const most = 40

/**
 * Rules of ALLOW policies by which nobody comes through, since DENY policies refuse all that they admit. Asked of the
 * evaluator, over requests at the boundaries of both sides and mixed of them.
 */
export function contradictionsIn(
	policies: readonly Policy[],
	callees: readonly Callee[],
): readonly Contradiction[] {
	const read = policies.filter(({targetRefs}) => targetRefs.length === 0)
	const denying = read.filter(({action}) => action === "DENY")
	if (denying.length === 0) return []
	const refused = requestsFrom(denying, {callees}).slice(0, most)
	return read
		.filter(({action}) => action === "ALLOW")
		.flatMap((policy) =>
			policy.rules.flatMap((one, rule) => {
				const by = refusersOf(policy, one, {denying, refused, callees})
				return by === undefined ? [] : [{policy, rule, by}]
			}),
		)
}

type Against = {
	readonly denying: readonly Policy[]
	readonly refused: readonly Request[]
	readonly callees: readonly Callee[]
}

/** Undefined where one request comes through, or none was found that the rule admits. */
function refusersOf(
	policy: Policy,
	rule: Rule,
	{denying, refused, callees}: Against,
): readonly string[] | undefined {
	const alone = {...policy, rules: [rule]}
	const own = requestsFrom([alone], {callees})
	const admitted = [...own, ...mixed(own.slice(0, most), refused)].filter((one) => admits([alone], one))
	if (admitted.length === 0) return undefined
	const world = worldOf([alone, ...denying])
	const by = new Set<string>()
	for (const request of admitted) {
		const decision = decideAtSidecar(world, request)
		if (decision.verdict === "allow") return undefined
		by.add(decision.by.replace(/ rule \d+$/, ""))
	}
	return [...by]
}

const worldOf = (policies: readonly Policy[]) => ({policies, peers: [], roots: []})

/** By the rule itself: a pod that the policy does not select admits everybody. */
const admits = (policies: readonly Policy[], request: Request): boolean => {
	const {verdict, by} = decideAtSidecar(worldOf(policies), request)
	return verdict === "allow" && by.startsWith("AuthorizationPolicy/")
}

/** The one side's caller with the other side's request, and the other way round. */
const mixed = (a: readonly Request[], b: readonly Request[]): readonly Request[] =>
	a.flatMap((one) =>
		b.flatMap((other) => [
			{...one, source: other.source},
			{...other, source: one.source, destination: one.destination},
		]),
	)
