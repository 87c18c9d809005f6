import type {MeshProfile} from "../../../crds/generated.ts"
import type {CallsReading} from "../../prometheus/read-calls.ts"
import {isoTime} from "../iso-time.ts"
import type {BindingStatus} from "./record.ts"
import {isActive} from "./record.ts"

/** An hour knows also those who call now and then; a night's job is for policies to name. */
const seconds = 3_600

export type CallsAsked = {readonly address: string; readonly seconds: number}

/**
 * What to ask Prometheus for before a migration begins: once for each generation of the profile, since the order that
 * follows from it is recorded with the migration and stays.
 */
export function callsAsked(
	profile: MeshProfile | undefined,
	{calls, migration}: BindingStatus,
): CallsAsked | undefined {
	const address = profile?.spec.migration?.gates?.prometheus?.address
	if (address === undefined || isActive(migration)) return undefined
	return calls?.profileGeneration === (profile?.metadata.generation ?? 0) ? undefined : {address, seconds}
}

/** As many as a binding keeps; with fewer than all of them the order would be a wrong one. */
const most = 512

/** What a binding keeps of a reading. */
export function recordedCalls(
	reading: CallsReading,
	{profile, namespace, now}: {profile: MeshProfile | undefined; namespace: string; now: number},
): NonNullable<BindingStatus["calls"]> {
	const kept = {readAt: isoTime(now), profileGeneration: profile?.metadata.generation ?? 0}
	if ("problem" in reading) return {...kept, problem: reading.problem.slice(0, 1024)}
	const {calls} = reading
	if (calls.length > most)
		return {
			...kept,
			problem: `${calls.length} pairs of workloads call each other, more than the ${most} that are kept`,
		}
	return {
		...kept,
		seconds: reading.seconds,
		items: calls.map(({fromNamespace, from, to}) => ({
			from,
			...(fromNamespace === namespace ? {} : {fromNamespace}),
			to,
		})),
	}
}
