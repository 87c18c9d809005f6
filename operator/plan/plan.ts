import type {MeshProfile} from "../../crds/generated.ts"
import type {Dataplane} from "../../profiles/dataplane.ts"
import type {Snapshot} from "../../profiles/snapshot/snapshot.ts"
import type {ClusterFacts} from "./facts.ts"
import type {NamespacePlan, Plan} from "./types.ts"

export type PlanInput = {
	readonly snapshot: Snapshot
	readonly profiles: readonly MeshProfile[]
	readonly dataplanes: readonly Dataplane[]
	/** Codes that a person accepts for every namespace, beyond those of the profiles. */
	readonly accept?: readonly string[]
	/** Also those that no profile selects. */
	readonly allNamespaces?: boolean
}

export type NamespaceInput = Omit<PlanInput, "allNamespaces"> & {
	readonly namespace: string
	/** Of the same snapshot. */
	readonly facts: ClusterFacts
}

/** The plan of every namespace that a profile selects, in the order of their names. */
export function plan(_input: PlanInput): Plan {
	return {apiVersion: "heddle.dev/v1alpha1", kind: "Plan", namespaces: []}
}

/**
 * The plan of one namespace; undefined when it does not exist. It looks at the objects of this namespace and at the
 * facts, so its cost does not grow with the cluster.
 */
export function planNamespace(_input: NamespaceInput): NamespacePlan | undefined {
	return undefined
}
