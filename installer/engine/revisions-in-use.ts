import {classify} from "../../profiles/classify.ts"
import {dataplanes} from "../../profiles/registry.ts"
import {Pod} from "../../profiles/snapshot/kinds.ts"
import type {Snapshot} from "../../profiles/snapshot/snapshot.ts"
import type {Installation} from "./installation.ts"

/** By the evidence of pods; where they may not be read, every revision counts as used. */
export function revisionsInUse(snapshot: Snapshot, installation: Installation): ReadonlySet<string> {
	if (!snapshot.knows(Pod)) return new Set(everyRevision(installation))
	const found = snapshot.list(Pod).flatMap((pod) => classify(pod, snapshot, dataplanes).revision ?? [])
	return new Set(found)
}

type Plane = {readonly revision?: unknown; readonly keep?: unknown}

function everyRevision({spec}: Installation): string[] {
	const planes = Object.values(spec.components) as Plane[]
	return planes
		.flatMap(({revision, keep}) => [revision, ...((keep ?? []) as Plane[]).map((one) => one.revision)])
		.map(String)
}
