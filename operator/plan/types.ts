import type {Keys, Mode, Resources, Support} from "../../profiles/dataplane.ts"
import type {Feature} from "../../profiles/features.ts"
import type {Reason} from "../../profiles/reason.ts"
import type {KubeObject} from "../../profiles/snapshot/object.ts"
import type {Translation} from "../../profiles/translate/types.ts"

/** `UpToDate` nothing to do · `Ready` only info · `NeedsAcceptance` an accept reason is open · `Blocked` refused. */
export type Verdict = "UpToDate" | "Ready" | "NeedsAcceptance" | "Blocked"

/** Where a namespace is, by the evidence of its pods. `dataplane` may be `mixed`, `pending` or `conflict`. */
export type From = {readonly dataplane: string; readonly revision?: string; readonly cni?: string}
export type To = {
	readonly dataplane: string
	readonly mode: Exclude<Mode, "Auto">
	readonly revision?: string
}

export type PlannedFeature = {
	readonly name: Feature
	readonly support: Support
	readonly usedBy: readonly string[]
	readonly note?: string
}

export type Candidate = {
	readonly dataplane: string
	readonly revision?: string
	readonly fits: boolean
	readonly reasons: readonly string[]
}

/** `Template` patches for the next run (Job, CronJob, OnDelete); `Manual` is left to a person (bare pods). */
export type WorkloadAction = "Roll" | "Template" | "Skip" | "Manual"
export type PlannedWorkload = {
	/** `Kind/namespace/name`. */
	readonly ref: string
	readonly from: string
	readonly action: WorkloadAction
	readonly reason: string
	/** From 1; absent where nothing is done. */
	readonly wave?: number
	/** What is foreseen for who calls it; absent where no pod is replaced. */
	readonly disruption?: Disruption
}

/** How the pods of a workload are replaced, and whether somebody notices. */
export type Disruption = {
	/** Without a pod for a moment (`certain`), with fewer or unready ones (`possible`), or nothing foreseen. */
	readonly gap: "none" | "possible" | "certain"
	readonly replicas: number
	/** In words. */
	readonly replacement: string
	/** The PodDisruptionBudget that selects its pods, in words. */
	readonly budget?: string
	/** Codes of the reasons that say why. */
	readonly risks: readonly string[]
}

export type StepAction = "Apply" | "Delete" | "Roll" | "Template" | "Gate" | "Soak"
export type Step = {
	/** The same in every plan of the same namespace, so that a record of it can be matched again. */
	readonly id: string
	readonly action: StepAction
	readonly object?: string
	readonly wave?: number
	readonly note: string
	/** Roll, Template and the namespace's default: the labels and annotations to set or to remove (null). */
	readonly keys?: Keys
	/** Apply of an object that Heddle owns: the whole of it, for Server-Side Apply. */
	readonly manifest?: KubeObject
	/** From 0, which is left out. A later stage is a migration of its own, with its own way back. */
	readonly stage?: number
}

export type Cost = {
	/** What the namespace causes, as requests and as use. */
	readonly requests: CostTable
	readonly usage: CostTable
	/** What the cluster's total of requests would change by, with what already runs. */
	readonly marginal: Resources
}
export type CostTable = {
	readonly cpuMillis: {readonly from: Resources["cpuMillis"]; readonly to: Resources["cpuMillis"]}
	readonly memoryMiB: {readonly from: Resources["memoryMiB"]; readonly to: Resources["memoryMiB"]}
}

export type NamespacePlan = {
	readonly namespace: string
	/** Absent when no profile decides for the namespace. */
	readonly profile?: string
	readonly from: From
	/** Null when nothing fits. */
	readonly to: To | null
	readonly verdict: Verdict
	readonly features: readonly PlannedFeature[]
	readonly reasons: readonly Reason[]
	/** Codes among the reasons that were accepted; absent when there are none. */
	readonly accepted?: readonly string[]
	readonly candidates: readonly Candidate[]
	readonly translations: readonly Translation[]
	readonly workloads: readonly PlannedWorkload[]
	readonly steps: readonly Step[]
	readonly cost: Cost
}

export type Plan = {
	readonly apiVersion: "heddle.dev/v1alpha1"
	readonly kind: "Plan"
	readonly namespaces: readonly NamespacePlan[]
}
