import type {MeshProfile} from "../../crds/generated.ts"
import type {StringMap} from "../../profiles/snapshot/object.ts"
import {profileDefaults} from "../api/defaults.ts"
import {matches} from "./selector.ts"

/** Which profile decides for a namespace. */
export type Selection = {
	/** Absent when none selects it, or when several of the same priority do. */
	readonly winner?: MeshProfile
	/** Two or more of the same highest priority; otherwise empty. */
	readonly tied: readonly MeshProfile[]
	/** Those that select the namespace and are outranked, the highest priority first. */
	readonly losers: readonly MeshProfile[]
}

const priority = (profile: MeshProfile): number => profile.spec.priority ?? profileDefaults.priority

const byRank = (a: MeshProfile, b: MeshProfile): number =>
	priority(b) - priority(a) || (a.metadata.name < b.metadata.name ? -1 : 1)

/** A profile that is being deleted decides nothing any more. */
export function select(labels: StringMap | undefined, profiles: readonly MeshProfile[]): Selection {
	const selecting = profiles
		.filter(
			(one) => one.metadata.deletionTimestamp === undefined && matches(one.spec.namespaceSelector, labels),
		)
		.sort(byRank)
	const [first, second] = selecting
	if (first === undefined) return {tied: [], losers: []}
	if (second === undefined || priority(second) < priority(first)) {
		return {winner: first, tied: [], losers: selecting.slice(1)}
	}
	const tied = selecting.filter((one) => priority(one) === priority(first))
	return {tied, losers: selecting.slice(tied.length)}
}
