import type {Snapshot} from "./snapshot/snapshot.ts"

/** Computes once per snapshot. A snapshot is immutable, so the answer is too; it goes when the snapshot goes. */
export function perSnapshot<T>(compute: (snapshot: Snapshot) => T): (snapshot: Snapshot) => T {
	const known = new WeakMap<Snapshot, {readonly value: T}>()
	return (snapshot) => {
		const entry = known.get(snapshot) ?? {value: compute(snapshot)}
		known.set(snapshot, entry)
		return entry.value
	}
}
