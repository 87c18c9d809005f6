import {dataplanes} from "../../../profiles/registry.ts"
import {identityOf} from "../../infra/manifest.ts"
import {readCluster} from "../../input/cluster.ts"
import {objectionsTo} from "../enrolled.ts"
import type {FlowDiagnostic} from "../events.ts"
import type {Live, ObjectApi} from "../manifests/api.ts"
import {adoption, split} from "../manifests/objections.ts"
import {ownerOf} from "../manifests/owner.ts"
import {inParallel} from "../manifests/parallel.ts"
import type {Placed} from "../ordered.ts"
import type {Place, Recorded} from "./place.ts"

type Change = {
	readonly placed: readonly Placed[]
	readonly record: Recorded | undefined
	readonly leaving: readonly Live[]
}

/** What speaks against a change: the same as with the engine `manifests`, though Pulumi itself would go ahead. */
export async function objections(
	place: Place,
	api: ObjectApi,
	{placed, record, leaving}: Change,
): Promise<readonly FlowDiagnostic[]> {
	const {session, flags, cluster} = place
	const ours = new Set((record?.held ?? []).map(identityOf))
	const others = placed.filter(({id, object}) => !ours.has(id) && object.kind !== "Namespace")
	const taken = await inParallel(others, async ({id, object}) => {
		const live = await api.get(object)
		return live === undefined
			? []
			: adoption({id, action: "adopt", owner: ownerOf(live)}, flags.adopt === true)
	})
	if (leaving.length === 0) return taken.flat()
	const {diagnostics} = await split(api, leaving, flags.keepCrds === true)
	const {snapshot} = await readCluster(session, cluster.client, [])
	return [...taken.flat(), ...diagnostics, ...objectionsTo(leaving, snapshot, dataplanes)]
}
