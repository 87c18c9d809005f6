import type {MeshProfile} from "../../crds/generated.ts"
import type {Dataplane} from "../../profiles/dataplane.ts"
import type {Reason} from "../../profiles/reason.ts"
import type {Namespace} from "../../profiles/snapshot/shapes.ts"
import type {Snapshot} from "../../profiles/snapshot/snapshot.ts"
import type {ClusterFacts} from "./facts.ts"
import {placeOf, whereIs} from "./from.ts"
import {pricing} from "./pricing.ts"
import type {NamespacePlan} from "./types.ts"
import {ordered, verdictOf} from "./verdict.ts"
import {workloadsOf} from "./workloads/collect.ts"

export type RestInput = {
	readonly snapshot: Snapshot
	readonly dataplanes: readonly Dataplane[]
	readonly facts: ClusterFacts
	readonly namespace: Namespace
	readonly profile: MeshProfile | undefined
	readonly reasons: readonly Reason[]
}

/** A namespace that nothing is planned for: it is not selected, or it may not be touched. */
export function restOf(input: RestInput): NamespacePlan {
	const {snapshot, dataplanes, facts, namespace, profile} = input
	const {name} = namespace.metadata
	const workloads = workloadsOf(snapshot, name, dataplanes)
	const {from} = whereIs(workloads, namespace.metadata, facts)
	const reasons = ordered(input.reasons)
	const refused = reasons.some(({severity}) => severity === "block")
	return {
		namespace: name,
		...(profile === undefined ? {} : {profile: profile.metadata.name}),
		from,
		to: null,
		verdict: verdictOf({reasons, accepted: new Set(), resolved: !refused, work: false}),
		features: [],
		reasons,
		candidates: [],
		translations: [],
		workloads: workloads.map(({ref, pods}) => ({
			ref,
			from: placeOf(pods.filter(({is}) => is.counted).map(({is}) => is)),
			action: "Skip",
			reason: refused ? "the namespace is refused" : "the namespace is not selected",
		})),
		steps: [],
		cost: pricing({snapshot, dataplanes, facts, namespace, workloads, from})(undefined),
	}
}
