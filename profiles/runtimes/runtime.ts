import type {CostItem, Keys} from "../dataplane.ts"
import type {Reason} from "../reason.ts"
import type {Kind} from "../snapshot/kinds.ts"
import type {Pod} from "../snapshot/shapes.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"
import type {Templated} from "../workloads.ts"

/** What of an application runtime is in the cluster. */
export type RuntimeInstallation = {
	readonly runtime: string
	/** A semantic version; absent when nothing in the cluster tells. */
	readonly version?: string
	/** Namespaces of its control plane: never migrated. */
	readonly namespaces: readonly string[]
	readonly healthy: boolean
	readonly reasons: readonly Reason[]
}

/** What the profile says of runtimes: `spec.runtime`. */
export type RuntimeWish = {
	readonly dapr?: {readonly enabled?: boolean}
	readonly wasm?: {readonly runtimeClassName?: string}
}

/** What one runtime can say of one pod from API objects alone. */
export type RuntimeEvidence = {
	/** `in`: what the runtime needs is there. `missing`: the pod asks for it, and it is not. */
	readonly state: "in" | "missing"
	readonly ready: boolean
	/** The sidecar is an init container that restarts; absent where the runtime has none. */
	readonly native?: boolean
	/** One sentence that names what was seen. */
	readonly detail: string
}

/** What is to be decided about: a namespace, the profile's wish for it, and the dataplane that it would be on. */
export type RuntimeMove = {
	readonly namespace: string
	readonly wish: RuntimeWish
	/** The name of the target dataplane. */
	readonly to: string
	/** The target encrypts between its pods. */
	readonly encrypts: boolean
	/** The target adds a container to each pod. */
	readonly injects: boolean
}

/**
 * An application runtime runs beside a dataplane and is none: it captures nothing, so it never competes with one.
 * Pure: everything is computed from the snapshot.
 */
export interface Runtime {
	readonly name: string
	/** Kinds that it reads beside the core ones. */
	readonly reads: readonly Kind[]
	detect(snapshot: Snapshot): readonly RuntimeInstallation[]
	/** What a template lacks for what the profile wishes; never a key that its owner has set. */
	enrol(snapshot: Snapshot, workload: Templated, wish: RuntimeWish): Keys
	/** Keys that `enrol` may have set on a pod template: what a pre-image has to hold. */
	owns(key: string): boolean
	/** Undefined when nothing marks the pod as the runtime's. */
	evidence(pod: Pod, snapshot: Snapshot): RuntimeEvidence | undefined
	/** What to know, to accept or to refuse of a move, as far as this runtime is concerned. */
	hazards(snapshot: Snapshot, move: RuntimeMove): readonly Reason[]
	/** Per pod. */
	readonly costs: readonly CostItem[]
}

export const nothingToSet: Keys = {labels: {}, annotations: {}}
