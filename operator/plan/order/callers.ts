import {matches} from "../selector.ts"
import {type Claim, type Member, measuredBy, type Party} from "./claim.ts"

/** Who calls one workload, as far as anything tells. */
export type Callers = {
	/** Workloads of the namespace, each with what says so. */
	readonly inside: ReadonlyMap<string, string>
	/** Other namespaces, each with what says so. */
	readonly outside: ReadonlyMap<string, string>
	/** Nobody else calls it: a policy refuses all others, or calls were measured. */
	readonly known: boolean
}

export type Inside = {readonly namespace: string; readonly members: readonly Member[]}

export function isIn({namespace, account, labels, name}: Party, own: string, member: Member): boolean {
	return (
		namespace === own &&
		(account === undefined || account === member.account) &&
		(name === undefined || name === member.name) &&
		(labels === undefined || matches(labels, member.labels))
	)
}

/** What the policies of one gate admit: anybody, some workloads that nobody can tell apart, those that they name. */
type Gate = {
	readonly open: boolean
	readonly some: boolean
	readonly named: ReadonlySet<string>
	readonly spaces: ReadonlySet<string>
}

/** Of several gates a caller has to pass each. */
export function callersOf(claims: readonly Claim[], member: Member, around: Inside): Callers {
	const gates = [...Map.groupBy(claims, ({gate}) => gate)]
		.filter(([gate]) => gate !== undefined)
		.map(([, own]) => gateOf(own, around))
	const closed = gates.filter(({open}) => !open)
	const said = claims.flatMap(({callers, by}) => callers.map((party) => ({party, by})))
	const inside = said.flatMap(({party, by}) =>
		namedBy(party, around)
			// That a workload may call itself says little; that it does was seen.
			.filter((ref) => ref !== member.ref || by === measuredBy)
			.map((ref) => [ref, by] as const),
	)
	const outside = said.flatMap(({party: {namespace}, by}) =>
		namespace === undefined || namespace === around.namespace ? [] : [[namespace, by] as const],
	)
	return {
		inside: firstOf(inside, (ref) => closed.every(({some, named}) => some || named.has(ref))),
		outside: firstOf(outside, (space) => closed.every(({spaces}) => spaces.has(space))),
		known: closed.some(({some}) => !some),
	}
}

function gateOf(claims: readonly Claim[], around: Inside): Gate {
	const parties = claims.flatMap(({callers}) => callers)
	return {
		open: parties.some(({namespace}) => namespace === undefined),
		some: parties.some((party) => isVague(party, around)),
		named: new Set(parties.flatMap((party) => namedBy(party, around))),
		spaces: new Set(parties.flatMap(({namespace = ""}) => namespace)),
	}
}

const namedBy = (party: Party, around: Inside): readonly string[] =>
	isVague(party, around) ? [] : among(party, around).map(({ref}) => ref)

const among = (party: Party, {namespace, members}: Inside): readonly Member[] =>
	members.filter((member) => isIn(party, namespace, member))

/** The whole namespace, or an account that several workloads share, tells who may call and not who does. */
const isVague = (party: Party, around: Inside): boolean =>
	party.name === undefined &&
	(isWide(party) || party.account !== undefined) &&
	among(party, around).length > 1

function isWide({account, labels}: Party): boolean {
	const {matchLabels = {}, matchExpressions = []} = labels ?? {}
	return account === undefined && Object.keys(matchLabels).length + matchExpressions.length === 0
}

/** Of several that say the same the first is kept. */
const firstOf = (pairs: readonly (readonly [string, string])[], wanted: (key: string) => boolean) =>
	new Map(pairs.toReversed().filter(([key]) => wanted(key)))
