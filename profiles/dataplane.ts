import type {Feature, FeatureUse} from "./features.ts"
import type {Reason} from "./reason.ts"
import type {Kind} from "./snapshot/kinds.ts"
import type {StringMap} from "./snapshot/object.ts"
import type {Pod} from "./snapshot/shapes.ts"
import type {Snapshot} from "./snapshot/snapshot.ts"
import type {TrafficView} from "./traffic/traffic.ts"

/** The modes of a MeshProfile. */
export type Mode = "Auto" | "Sidecar" | "Sidecarless" | "Wasm" | "None"

/** A mode that names a family of dataplanes. */
export type Family = "Sidecar" | "Sidecarless" | "None"

/** One control plane of a dataplane in the cluster: what is installed, which version, healthy? */
export type Installation = {
	readonly dataplane: string
	/** The revision, `default` when the dataplane knows none. */
	readonly revision: string
	/** Names that stand for this revision, such as revision tags. */
	readonly tags: readonly string[]
	/** A semantic version; absent when nothing in the cluster tells. */
	readonly version?: string
	/** Namespaces of the control plane: never migrated. */
	readonly namespaces: readonly string[]
	readonly healthy: boolean
	/** Why it is not healthy, or what its coexistence with the rest of the cluster hinges on. */
	readonly reasons: readonly Reason[]
	/** What a waypoint needs to be one of this installation, beyond what every waypoint has. */
	readonly waypoint?: {readonly labels: StringMap; readonly annotations: StringMap}
}

/** Labels and annotations to set (a string) or to remove (null). */
export type Keys = {
	readonly labels: Readonly<Record<string, string | null>>
	readonly annotations: Readonly<Record<string, string | null>>
}

/** What makes pods a dataplane's: on their template, and on the namespace as the default of future pods. */
export type Enrolment = {readonly namespace: Keys; readonly template: Keys}

/** What one dataplane can say of one pod from API objects alone. */
export type Evidence = {
	/** `in`: captured and accepted. `pending`: captured, not yet accepted. `broken`: marked, but not captured. */
	readonly state: "in" | "pending" | "broken"
	/** The proxy that carries this pod's traffic is ready. */
	readonly ready: boolean
	readonly revision?: string
	/** One sentence that names what was seen. */
	readonly detail: string
}

/** How a dataplane carries a feature. */
export type Support = "native" | "waypoint" | "via" | "preview" | "no"

/** One cell of the capability matrix. */
export type Capability = {
	readonly feature: Feature
	/** A semver range of the dataplane's versions; the first row that matches counts. */
	readonly versions: string
	readonly support: Support
	/** How, or what is lost. */
	readonly note?: string
	/** The vendor's page or the source file that says so. */
	readonly source: string
}

export type Figure = {readonly low: number; readonly likely: number; readonly high: number}
export type Resources = {readonly cpuMillis: Figure; readonly memoryMiB: Figure}

/** What one part of a dataplane costs. */
export type CostItem = {
	/** A proxy beside each pod, an agent on each node, or a proxy per namespace. */
	readonly per: "pod" | "node" | "waypoint"
	/** A semver range of the dataplane's versions. */
	readonly versions: string
	readonly requests: Resources
	readonly usage: Resources
	readonly source: string
}

/** Whom a check is about: the namespace that would move, and the control plane that it would move to. */
export type Move = {
	readonly namespace: string
	readonly to: Installation
	/** What is in use and what the profile asks for, where that is known. */
	readonly uses?: readonly FeatureUse[]
}

export type Surroundings = {
	readonly kinds: readonly Kind[]
	/** The same text for the same place. */
	of(pod: Pod, snapshot: Snapshot): string
}

/**
 * A dataplane answers the same questions in the same way; adding one means adding a folder with such an object.
 * Pure: everything is computed from the snapshot and from data files.
 */
export interface Dataplane {
	readonly name: string
	readonly family: Family
	/** The modes of a profile that this dataplane can serve. */
	readonly modes: readonly Mode[]
	/** Kinds that it reads beside the core ones. */
	readonly reads: readonly Kind[]
	/** What is installed. A dataplane that needs no control plane (`none`) always answers with one. */
	detect(snapshot: Snapshot): readonly Installation[]
	readonly capabilities: readonly Capability[]
	/** The keys that enrol. */
	enrol(installation: Installation): Enrolment
	/** The keys that leave, with the explicit opt-out for pods while it coexists with others. */
	leave(): Enrolment
	/** It compares the values of its keys whatever their case. */
	readonly ignoresCase?: true
	/** Keys of this dataplane on a namespace or a pod template: what a pre-image has to hold. */
	owns(key: string): boolean
	/** What it can say of a pod; undefined when nothing marks the pod as its own. */
	evidence(pod: Pod, snapshot: Snapshot): Evidence | undefined
	/** What the evidence of a pod hinges on beyond the pod's own object; left out, the pod alone decides. */
	readonly surroundings?: Surroundings
	/** What the interop table calls its pods in a namespace, where that is not its name. */
	endIn?(snapshot: Snapshot, namespace: string): string
	/** What of the namespace would behave differently or lose protection when its pods are on this dataplane. */
	hazards(snapshot: Snapshot, move: Move): readonly Reason[]
	readonly costs: readonly CostItem[]
	/** From where requests to a namespace on it are counted in Prometheus; empty when nothing counts them. */
	readonly traffic: readonly TrafficView[]
}
