import type {MeshProfile} from "../../crds/generated.ts"
import type {Dataplane} from "../../profiles/dataplane.ts"
import type {FeatureUse} from "../../profiles/features.ts"
import {inUse} from "../../profiles/in-use.ts"
import type {Reason} from "../../profiles/reason.ts"
import type {Namespace} from "../../profiles/snapshot/shapes.ts"
import type {Snapshot} from "../../profiles/snapshot/snapshot.ts"
import {type DefaultedProfileSpec, defaultedProfileSpec} from "../api/defaults.ts"
import {MeshBinding} from "../api/kinds.ts"
import {bindingName} from "../api/names.ts"
import {ownedExtensions, refsOf} from "./extensions/owned.ts"
import type {ClusterFacts} from "./facts.ts"
import {whereIs} from "./from.ts"
import {pricing, type Target} from "./pricing.ts"
import type {Cost, From} from "./types.ts"
import {type Waypoint, waypointOf} from "./waypoint.ts"
import {wishesOf} from "./wishes.ts"
import {type Workload, workloadsOf} from "./workloads/collect.ts"

export type SceneInput = {
	readonly snapshot: Snapshot
	readonly dataplanes: readonly Dataplane[]
	readonly facts: ClusterFacts
	readonly namespace: Namespace
	readonly profile: MeshProfile
	readonly accept?: readonly string[]
	/** What was found before anybody looked inside the namespace. */
	readonly reasons: readonly Reason[]
}

/** All that is known of one namespace before anything is decided. */
export type Scene = Omit<SceneInput, "accept"> & {
	readonly name: string
	readonly spec: DefaultedProfileSpec
	readonly accepted: ReadonlySet<string>
	readonly workloads: readonly Workload[]
	readonly from: From
	readonly waypoint: Waypoint
	readonly uses: readonly FeatureUse[]
	/** References of the extension objects that Heddle brought earlier. */
	readonly brought: ReadonlySet<string>
	readonly price: (target: Target | undefined) => Cost
}

export function sceneOf(input: SceneInput): Scene {
	const {snapshot, namespace, profile, facts, dataplanes} = input
	const {name, labels} = namespace.metadata
	const workloads = workloadsOf(snapshot, name, dataplanes)
	const {from, reasons} = whereIs(workloads, namespace.metadata, facts)
	const found = inUse(snapshot, name)
	const brought = refsOf(ownedExtensions(snapshot, name))
	return {
		...input,
		name,
		spec: defaultedProfileSpec(profile.spec),
		accepted: new Set([
			...(profile.spec.migration?.accept ?? []),
			...ownAccepts(snapshot, name),
			...(input.accept ?? []),
		]),
		workloads,
		from,
		waypoint: waypointOf(snapshot, name, labels),
		uses: wishesOf(found.features, profile, {namespace: name, brought}),
		brought,
		reasons: [...input.reasons, ...reasons, ...found.reasons],
		price: pricing({...input, workloads, from}),
	}
}

/** What the owner of the namespace has accepted for it. */
const ownAccepts = (snapshot: Snapshot, namespace: string): readonly string[] =>
	snapshot.get(MeshBinding, bindingName, namespace)?.spec?.accept ?? []
