import type {Kind} from "../../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../../profiles/snapshot/object.ts"
import type {Snapshot} from "../../profiles/snapshot/snapshot.ts"
import type {Store} from "./store.ts"

/** A store, and whether what it holds can be believed. */
export type Source = {readonly store: Store; readonly known: boolean}

/**
 * The caches as a snapshot. Nothing is copied: it shows the cluster as of each call, and is of one moment only
 * within one turn of the event loop, in which a plan is made.
 */
export function snapshotOfStores(sources: ReadonlyMap<string, Source>): Snapshot {
	return {
		list<T extends KubeObject>(kind: Kind<T>, namespace?: string): readonly T[] {
			return (sources.get(kind.id)?.store.list(namespace) ?? []) as readonly T[]
		},
		get<T extends KubeObject>(kind: Kind<T>, name: string, namespace?: string): T | undefined {
			return sources.get(kind.id)?.store.get(name, namespace) as T | undefined
		},
		// A kind that nobody reads is not known to be empty.
		knows: (kind) => sources.get(kind.id)?.known === true,
	}
}
