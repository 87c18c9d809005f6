import type {OnInstallEvent} from "../events.ts"
import type {Live, ObjectApi} from "../manifests/api.ts"
import {leftovers} from "../manifests/leftovers.ts"
import {leftBehind, split} from "../manifests/objections.ts"
import {removeAll} from "../manifests/remove.ts"
import type {Place} from "./place.ts"
import {staysBehind} from "./record.ts"

type Sweep = {readonly leaving: readonly Live[]; readonly onEvent: OnInstallEvent}

const patienceMs = 10 * 60_000

/**
 * Takes away what Pulumi leaves: CRDs of which no object is left, namespaces that it made and in which nobody lives, and
 * what control planes have made themselves. Looks afterwards whether anything of the rest is there again.
 */
export async function sweep(
	{session, flags}: Place,
	api: ObjectApi,
	{leaving, onEvent}: Sweep,
): Promise<void> {
	api.forgetKinds()
	const {signal} = session
	const work = {api, signal, patienceMs: flags.timeout ?? patienceMs, onEvent}
	const retained = leaving.filter((one) => staysBehind(one) && isOnlyPulumis(one))
	const {leaving: free} = await split(api, retained, true)
	await removeAll(free, work)
	await removeAll(await leftovers(api, leaving), work)
	for (const object of leaving.filter((one) => !staysBehind(one))) {
		const live = await api.get(object)
		if (live !== undefined && live.metadata.deletionTimestamp === undefined) onEvent(leftBehind(live))
	}
}

type Managed = {readonly manager?: string; readonly subresource?: string}

/** Whoever was there before, or has written to it since, may still want it. */
function isOnlyPulumis({kind, metadata}: Live): boolean {
	if (kind !== "Namespace") return true
	const managers = (metadata.managedFields as readonly Managed[] | undefined) ?? []
	return managers.every(
		({manager = "", subresource}) => subresource !== undefined || manager.startsWith("pulumi-"),
	)
}
