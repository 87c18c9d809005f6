import type {MeshProfile} from "../../crds/generated.ts"
import type {ClusterFacts} from "../../operator/plan/facts.ts"
import type {NamespacePlan} from "../../operator/plan/types.ts"
import type {Stack} from "../../profiles/conflicts/stack.ts"
import type {Dataplane} from "../../profiles/dataplane.ts"
import type {Kind} from "../../profiles/snapshot/kinds.ts"
import type {Snapshot} from "../../profiles/snapshot/snapshot.ts"

/** `error` fails `heddle check`, `warning` only with --strict, `info` never. */
export type Severity = "error" | "warning" | "info"

/** One thing that is not as it should be. */
export type Finding = {
	/** One sentence that names what was seen. */
	readonly message: string
	/** What it is about, as `Kind/namespace/name`. */
	readonly object?: string
	/** Where the check's own fix is too general. */
	readonly fix?: string
}

/** What a check saw. Nothing to look at is no success: then it was not run. */
export type Outcome =
	| {
			/** What was looked at, in a few words. */
			readonly seen: string
			readonly findings: readonly Finding[]
	  }
	| {readonly notRun: string}

/** All that the pure checks look at. */
export type Scene = {
	readonly snapshot: Snapshot
	readonly dataplanes: readonly Dataplane[]
	readonly facts: ClusterFacts
	readonly stack: Stack
	readonly profiles: readonly MeshProfile[]
	/** The plans of the namespaces that a profile selects. */
	readonly plans: readonly NamespacePlan[]
	/** CRDs that are not in the snapshot are not in the cluster. Files may have left them out. */
	readonly knowsDefinitions: boolean
	readonly now: Date
}

type About = {
	/** Stable: what people suppress, link to and search for. */
	readonly id: string
	readonly group: Group
	/** What holds when it passes. */
	readonly title: string
	readonly severity: Severity
	/** One paragraph: what is looked at, and what would happen otherwise. */
	readonly doc: string
	/** One line. */
	readonly fix: string
}

export const groups = [
	"Kubernetes",
	"Versions",
	"Container network",
	"Webhooks",
	"Dataplanes",
	"Enrolment",
	"Room to roll",
	"Profiles",
	"Cluster access",
	"Heddle",
] as const
export type Group = (typeof groups)[number]

/** A check of a snapshot. */
export type PureCheck = About & {
	/** What it cannot do without: when one could not be read, it is not run. */
	readonly reads: readonly Kind[]
	readonly look: (scene: Scene) => Outcome
}

/** What a check of a live cluster is about; what it does stands in live.ts. */
export type LiveCheck = About & {readonly live: true}

export type CheckEntry = PureCheck | LiveCheck

export type CheckState = "passed" | "failed" | "notRun"

export type CheckResult = {
	readonly id: string
	readonly group: Group
	readonly title: string
	readonly severity: Severity
	readonly state: CheckState
	/** What was looked at; why it was not, where it was not. */
	readonly evidence: string
	readonly findings: readonly Finding[]
	readonly fix: string
	/** The page and anchor that explain it. */
	readonly doc: string
}

export function resultOf(check: About, outcome: Outcome): CheckResult {
	const {id, group, title, severity, fix} = check
	const base = {id, group, title, severity, fix, doc: `docs/checks.md#${id}`}
	if ("notRun" in outcome) return {...base, state: "notRun", evidence: outcome.notRun, findings: []}
	const {seen, findings} = outcome
	return {...base, state: findings.length === 0 ? "passed" : "failed", evidence: seen, findings}
}
