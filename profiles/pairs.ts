import type {Dataplane, Move} from "./dataplane.ts"
import type {Reason} from "./reason.ts"
import type {Snapshot} from "./snapshot/snapshot.ts"

/** What the move would do to the hops between this namespace and every other: unsafe ones block. */
export function pairHazards(
	_snapshot: Snapshot,
	_move: Move,
	_dataplanes: readonly Dataplane[],
): readonly Reason[] {
	return []
}
