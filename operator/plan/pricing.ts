import type {Dataplane} from "../../profiles/dataplane.ts"
import type {Namespace} from "../../profiles/snapshot/shapes.ts"
import type {Snapshot} from "../../profiles/snapshot/snapshot.ts"
import {costOf, type Placement} from "./cost.ts"
import type {ClusterFacts, Installed} from "./facts.ts"
import {isUnseen} from "./from.ts"
import type {Cost, From} from "./types.ts"
import {usesWaypoints, waypointsOf} from "./waypoint.ts"
import type {Workload} from "./workloads/collect.ts"

export type PricingInput = {
	readonly snapshot: Snapshot
	readonly dataplanes: readonly Dataplane[]
	readonly facts: ClusterFacts
	readonly namespace: Namespace
	readonly workloads: readonly Workload[]
	readonly from: From
}

export type Target = {readonly installed: Installed; readonly needsWaypoint: boolean}

/** Prices targets for one namespace; without a target, staying where it is. Each is priced once. */
export function pricing(input: PricingInput): (target: Target | undefined) => Cost {
	const {snapshot, dataplanes, facts, namespace} = input
	const existing = waypointsOf(snapshot, namespace.metadata.name)
	const places = placesOf(input)
	const priced = new Map<Installed | undefined, Cost>()
	return (target) => {
		const known = priced.get(target?.installed)
		if (known !== undefined) return known
		const brought =
			target?.needsWaypoint === true && usesWaypoints(target.installed.dataplane)
				? Math.max(1, existing)
				: existing
		const cost = costOf({
			placements: places.map(({node, from}) => ({node, from, to: target?.installed.dataplane.name ?? from})),
			dataplanes,
			versions: versionsOf(facts, input.from, target?.installed),
			census: () => facts.census,
			waypoints: {from: existing, to: brought},
		})
		priced.set(target?.installed, cost)
		return cost
	}
}

/** Pods that nobody has seen yet are priced as well, on a node that nobody knows. */
function placesOf({workloads, from}: PricingInput): readonly Omit<Placement, "to">[] {
	return workloads.flatMap((workload) =>
		isUnseen(workload)
			? Array.from({length: workload.replicas}, () => ({node: "", from: from.dataplane}))
			: workload.pods
					.filter(({is}) => is.counted)
					.map(({pod, is}) => ({node: pod.spec?.nodeName ?? "", from: is.dataplane})),
	)
}

function versionsOf(
	{installed}: ClusterFacts,
	from: From,
	target: Installed | undefined,
): ReadonlyMap<string, string | undefined> {
	const current = installed.filter(
		({dataplane, installation}) =>
			dataplane.name === from.dataplane && installation.revision === from.revision,
	)
	return new Map(
		[...installed, ...current, ...(target === undefined ? [] : [target])].map(({dataplane, installation}) => [
			dataplane.name,
			installation.version,
		]),
	)
}
