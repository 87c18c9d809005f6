import {classify} from "./classify.ts"
import type {Dataplane} from "./dataplane.ts"
import {speaksHBONE} from "./istio-sidecar/evidence.ts"
import {perSnapshot} from "./memo.ts"
import * as kinds from "./snapshot/kinds.ts"
import type {Pod} from "./snapshot/shapes.ts"
import type {Snapshot} from "./snapshot/snapshot.ts"

/** How many of a namespace's pods are where; pods that are not counted are left out. */
export type Census = {
	/** By what `classify` says, `pending` and `conflict` among it. */
	readonly pods: ReadonlyMap<string, number>
	/** Of those with sidecars, the ones that ambient peers reach in plaintext only. */
	readonly sidecarsWithoutHBONE: number
}

const counted = perSnapshot(() => new Map<readonly Dataplane[], ReadonlyMap<string, Census>>())

/** Where the pods of every namespace are. A namespace without a counted pod is not in it. */
export function census(snapshot: Snapshot, dataplanes: readonly Dataplane[]): ReadonlyMap<string, Census> {
	const known = counted(snapshot)
	const found = known.get(dataplanes) ?? count(snapshot, dataplanes)
	known.set(dataplanes, found)
	return found
}

function count(snapshot: Snapshot, dataplanes: readonly Dataplane[]): ReadonlyMap<string, Census> {
	const found = new Map<string, {pods: Map<string, number>; sidecarsWithoutHBONE: number}>()
	for (const pod of snapshot.list(kinds.Pod)) {
		const {counted: counts, dataplane, withoutHBONE} = placeOf(pod, snapshot, dataplanes)
		if (!counts) continue
		const namespace = pod.metadata.namespace ?? ""
		const entry = found.get(namespace) ?? {pods: new Map<string, number>(), sidecarsWithoutHBONE: 0}
		entry.pods.set(dataplane, (entry.pods.get(dataplane) ?? 0) + 1)
		if (withoutHBONE) entry.sidecarsWithoutHBONE++
		found.set(namespace, entry)
	}
	return found
}

export type Place = {
	readonly dataplanes: readonly Dataplane[]
	readonly surroundings: string
	readonly counted: boolean
	readonly dataplane: string
	readonly withoutHBONE: boolean
}

/**
 * Where a pod is follows from the pod alone, but for what a dataplane calls its surroundings; its readiness hinges on
 * the rest of the snapshot, and is not kept. A cache hands the same unchanged pods into each snapshot, so they are
 * looked at once.
 */
const places = new WeakMap<Pod, Place>()

export function placeOf(pod: Pod, snapshot: Snapshot, dataplanes: readonly Dataplane[]): Place {
	const known = places.get(pod)
	const surroundings = dataplanes.map((one) => one.surroundings?.of(pod, snapshot) ?? "").join(" ")
	if (known?.dataplanes === dataplanes && known.surroundings === surroundings) return known
	const {counted: counts, dataplane} = classify(pod, snapshot, dataplanes)
	const place = {
		dataplanes,
		surroundings,
		counted: counts,
		dataplane,
		withoutHBONE: dataplane === "istio-sidecar" && !speaksHBONE(pod),
	}
	places.set(pod, place)
	return place
}
