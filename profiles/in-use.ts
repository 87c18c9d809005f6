import type {FeatureUse} from "./features.ts"
import type {Reason} from "./reason.ts"
import type {Snapshot} from "./snapshot/snapshot.ts"

/** What a namespace makes use of, and the objects that could not be read (`UnreadablePolicy`, block). */
export type InUse = {readonly features: readonly FeatureUse[]; readonly reasons: readonly Reason[]}

/** The features in use in a namespace, by its own objects and by those that hold for the whole mesh. */
export function inUse(_snapshot: Snapshot, _namespace: string): InUse {
	return {features: [], reasons: []}
}
