import {classify} from "./classify.ts"
import type {Dataplane, Surroundings} from "./dataplane.ts"
import {speaksHBONE} from "./istio-sidecar/evidence.ts"
import {perSnapshot} from "./memo.ts"
import * as kinds from "./snapshot/kinds.ts"
import type {Pod} from "./snapshot/shapes.ts"
import type {Snapshot} from "./snapshot/snapshot.ts"

/** How many pods are where; pods that are not counted are left out. */
export type Census = {
	/** By what `classify` says, `pending` and `conflict` among it. */
	readonly pods: ReadonlyMap<string, number>
	/** Pods per node of each dataplane. Node names are those of the pods' spec. */
	readonly nodes: ReadonlyMap<string, ReadonlyMap<string, number>>
	/** Of those with sidecars, the ones that ambient peers reach in plaintext only. */
	readonly sidecarsWithoutHBONE: number
}

type Censuses = ReadonlyMap<string, Census>

const taken = perSnapshot(() => new Map<readonly Dataplane[], Censuses | (() => Censuses)>())

/** Where the pods of every namespace are, by namespace. One without a counted pod is not in it. */
export function census(snapshot: Snapshot, dataplanes: readonly Dataplane[]): Censuses {
	const known = taken(snapshot)
	const kept = known.get(dataplanes) ?? (() => countAll(snapshot, dataplanes))
	const found = typeof kept === "function" ? kept() : kept
	known.set(dataplanes, found)
	return found
}

/** Whoever keeps the census of each namespace, as a cache does, says how to put them together; asked when needed. */
export function provideCensus(
	snapshot: Snapshot,
	dataplanes: readonly Dataplane[],
	take: () => Censuses,
): void {
	taken(snapshot).set(dataplanes, take)
}

function countAll(snapshot: Snapshot, dataplanes: readonly Dataplane[]): Censuses {
	const tallies = new Map<string, Tally>()
	for (const pod of snapshot.list(kinds.Pod)) {
		const namespace = pod.metadata.namespace ?? ""
		let tally = tallies.get(namespace)
		if (tally === undefined) {
			tally = new Tally()
			tallies.set(namespace, tally)
		}
		tally.count(pod, placeOf(pod, snapshot, dataplanes))
	}
	return new Map([...tallies].filter(([, {pods}]) => pods.size > 0))
}

/** The census of one namespace. */
export function censusOf(snapshot: Snapshot, namespace: string, dataplanes: readonly Dataplane[]): Census {
	const tally = new Tally()
	for (const pod of snapshot.list(kinds.Pod, namespace)) tally.count(pod, placeOf(pod, snapshot, dataplanes))
	return tally
}

/** The census of several namespaces together. */
export function joined(parts: Iterable<Census>): Census {
	const tally = new Tally()
	for (const part of parts) tally.add(part)
	return tally
}

class Tally implements Census {
	readonly pods = new Map<string, number>()
	readonly nodes = new Map<string, Map<string, number>>()
	sidecarsWithoutHBONE = 0

	count({spec}: Pod, {counted, dataplane, withoutHBONE}: Place): void {
		if (!counted) return
		increase(this.pods, dataplane, 1)
		increase(this.#nodesOf(dataplane), spec?.nodeName ?? "", 1)
		if (withoutHBONE) this.sidecarsWithoutHBONE++
	}

	add({pods, nodes, sidecarsWithoutHBONE}: Census): void {
		for (const [dataplane, count] of pods) increase(this.pods, dataplane, count)
		for (const [dataplane, counts] of nodes) {
			const mine = this.#nodesOf(dataplane)
			for (const [node, count] of counts) increase(mine, node, count)
		}
		this.sidecarsWithoutHBONE += sidecarsWithoutHBONE
	}

	#nodesOf(dataplane: string): Map<string, number> {
		let counts = this.nodes.get(dataplane)
		if (counts === undefined) {
			counts = new Map()
			this.nodes.set(dataplane, counts)
		}
		return counts
	}
}

function increase(counts: Map<string, number>, key: string, count: number): void {
	counts.set(key, (counts.get(key) ?? 0) + count)
}

export type Place = {
	readonly counted: boolean
	readonly dataplane: string
	readonly withoutHBONE: boolean
}

/**
 * Where a pod is follows from the pod alone, but for what a dataplane calls its surroundings; its readiness hinges on
 * the rest of the snapshot, and is not kept. A cache hands the same unchanged pods into each snapshot, so they are
 * looked at once.
 */
const places = new WeakMap<Pod, Kept>()

type Kept = {
	readonly dataplanes: readonly Dataplane[]
	readonly surroundings: string
	readonly place: Place
}

const placing = new WeakMap<readonly Dataplane[], readonly Surroundings[]>()

/** What the dataplanes together call the surroundings of a pod; of most there is nothing to ask. */
function surroundingsOf(pod: Pod, snapshot: Snapshot, dataplanes: readonly Dataplane[]): string {
	const asked = placing.get(dataplanes) ?? dataplanes.flatMap((one) => one.surroundings ?? [])
	placing.set(dataplanes, asked)
	let text = ""
	for (const one of asked) text += `${one.of(pod, snapshot)} `
	return text
}

export function placeOf(pod: Pod, snapshot: Snapshot, dataplanes: readonly Dataplane[]): Place {
	// Such a snapshot keeps what it knows of a pod itself, and none comes after it.
	if (snapshot.fixed === true) return lookAt(pod, snapshot, dataplanes)
	const surroundings = surroundingsOf(pod, snapshot, dataplanes)
	const known = places.get(pod)
	if (known?.dataplanes === dataplanes && known.surroundings === surroundings) return known.place
	const place = lookAt(pod, snapshot, dataplanes)
	places.set(pod, {dataplanes, surroundings, place})
	return place
}

function lookAt(pod: Pod, snapshot: Snapshot, dataplanes: readonly Dataplane[]): Place {
	const {counted, dataplane} = classify(pod, snapshot, dataplanes)
	return {counted, dataplane, withoutHBONE: dataplane === "istio-sidecar" && !speaksHBONE(pod)}
}
