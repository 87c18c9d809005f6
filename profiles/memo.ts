import type {Snapshot} from "./snapshot/snapshot.ts"

/**
 * Computes once per snapshot, or once for all snapshots of an era. For what concerns the whole cluster only: the
 * answer goes when the era goes.
 */
export function perSnapshot<T>(compute: (snapshot: Snapshot) => T): (snapshot: Snapshot) => T {
	const known = new WeakMap<object, {readonly value: T}>()
	return (snapshot) => {
		const era = snapshot.era ?? snapshot
		const entry = known.get(era) ?? {value: compute(snapshot)}
		known.set(era, entry)
		return entry.value
	}
}
