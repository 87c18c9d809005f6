import {isUnmeshed} from "../../../profiles/interop.ts"
import type {Snapshot} from "../../../profiles/snapshot/snapshot.ts"
import type {Workload} from "../workloads/collect.ts"
import {type Callers, callersOf, type Inside, isIn} from "./callers.ts"
import {type Claim, type Member, measuredBy, type Party} from "./claim.ts"
import {claimsOfIstio} from "./declared/istio.ts"
import {claimsOfLinkerd} from "./declared/linkerd.ts"
import {claimsOfNetwork} from "./declared/network.ts"
import {claimsOfSidecars, forwards} from "./declared/routes.ts"
import {claimsOfMetrics, learnedCalls} from "./learned.ts"

/** By reference of the workload that is called. */
export type CallGraph = ReadonlyMap<string, Callers>

/** The calls to the workloads of a namespace: declared by policies and routes, and measured where a binding tells. */
export function callGraph(snapshot: Snapshot, namespace: string, workloads: readonly Workload[]): CallGraph {
	const around = {namespace, members: workloads.map(memberOf)}
	const learned = learnedCalls(snapshot, namespace)
	const claims = [
		...claimsOfIstio(snapshot, namespace),
		...claimsOfLinkerd(snapshot, namespace),
		...claimsOfNetwork(snapshot, namespace),
		...claimsOfSidecars(snapshot, namespace),
		...claimsOfMetrics(learned, namespace),
	]
	const measurable = new Set(workloads.filter(isCounted).map(({ref}) => ref))
	const graph = new Map(
		around.members.map((member) => {
			const own = claims.filter(({callee}) => isIn(callee, namespace, member))
			const callers = callersOf(own, member, around)
			const known =
				callers.known || (learned !== undefined && own.every(isTold) && measurable.has(member.ref))
			return [member.ref, {...callers, known}] as const
		}),
	)
	const handed = forwards(snapshot, namespace).flatMap(({from, to, by}) =>
		refsOf(from, around).flatMap((a) => refsOf(to, around).map((b) => ({from: a, to: b, by}))),
	)
	return handedOn(graph, handed)
}

const memberOf = ({ref, name, template}: Workload): Member => ({
	ref,
	name,
	labels: template.metadata?.labels ?? {},
	account: template.spec?.serviceAccountName ?? "default",
})

/** Every request to it passes a proxy that counts. */
const isCounted = ({pods}: Workload): boolean =>
	pods.some(({is}) => is.counted) && pods.every(({is}) => !is.counted || !isUnmeshed(is.dataplane))

/** No call was counted whose caller nobody could tell. */
const isTold = ({by, callers}: Claim): boolean =>
	by !== measuredBy || callers.every(({namespace}) => namespace !== undefined)

const refsOf = (party: Party, {namespace, members}: Inside): readonly string[] =>
	members.filter((one) => isIn(party, namespace, one)).map(({ref}) => ref)

type Handed = {readonly from: string; readonly to: string; readonly by: string}

/** Who calls what a route is about calls its backends, and theirs: until nothing new is found. */
function handedOn(graph: CallGraph, routes: readonly Handed[]): CallGraph {
	const grown = new Map(graph)
	for (let before = -1; before < size(grown); ) {
		before = size(grown)
		for (const {from, to, by} of routes)
			grown.set(to, withCallersOf(grown.get(to), grown.get(from), {to, by}))
	}
	return grown
}

const size = (graph: CallGraph): number =>
	[...graph.values()].reduce((sum, {inside, outside}) => sum + inside.size + outside.size, 0)

const nobody: Callers = {inside: new Map(), outside: new Map(), known: false}

function withCallersOf(
	own: Callers = nobody,
	{inside, outside}: Callers = nobody,
	{to, by}: {readonly to: string; readonly by: string},
): Callers {
	const joined = (mine: ReadonlyMap<string, string>, theirs: ReadonlyMap<string, string>) =>
		new Map([...[...theirs.keys()].filter((key) => key !== to).map((key) => [key, by] as const), ...mine])
	return {...own, inside: joined(own.inside, inside), outside: joined(own.outside, outside)}
}
