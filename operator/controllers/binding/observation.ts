import type {MeshBinding, MeshProfile} from "../../../crds/generated.ts"
import type {Dataplane, Keys} from "../../../profiles/dataplane.ts"
import type {Snapshot} from "../../../profiles/snapshot/snapshot.ts"
import type {Present} from "../../plan/enrolment.ts"
import type {NamespacePlan} from "../../plan/types.ts"
import type {Workload} from "../../plan/workloads/collect.ts"
import type {CallsReading} from "../../prometheus/read-calls.ts"
import type {ModulesReading} from "../../prometheus/read-modules.ts"
import type {TrafficReading} from "../../prometheus/read-traffic.ts"
import type {PreImage} from "./pre-image.ts"

/** A warning that the cluster gave about an object of the namespace. */
export type Warning = {
	readonly reason: string
	readonly object: string
	readonly note: string
	readonly at: string
}

/** Everything that a decision about one namespace is made of. */
export type Observation = {
	readonly namespace: string
	readonly snapshot: Snapshot
	readonly dataplanes: readonly Dataplane[]
	readonly binding: MeshBinding | undefined
	/** The profile that decides; undefined when none selects the namespace any more. */
	readonly profile: MeshProfile | undefined
	/** The profile that the binding was made for, while it still exists. */
	readonly former: MeshProfile | undefined
	/** Absent when no profile decides. */
	readonly plan: NamespacePlan | undefined
	/** The workloads with their pods, each pod classified by its evidence. */
	readonly workloads: readonly Workload[]
	/** What still has to change on an object for it to be the target's; undefined when there is no target. */
	readonly keysFor: ((level: "namespace" | "template", present: Present) => Keys) | undefined
	/** Read from the API server when the decision may go back; undefined when they were not asked for. */
	readonly preImages: readonly PreImage[] | undefined
	/** Read from the API server when a gate is to be judged. */
	readonly warnings: readonly Warning[] | undefined
	/** Read from Prometheus when a gate on metrics is to be judged. */
	readonly traffic: TrafficReading | undefined
	/** Read from Prometheus when a module is to be judged on the pods that have it. */
	readonly modules: ModulesReading | undefined
	/** Read from Prometheus before a migration begins; undefined when that was done before, or nothing asks for it. */
	readonly calls: CallsReading | undefined
}
