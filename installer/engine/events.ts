import type {ExitCode} from "../exit.ts"
import type {StepEvent} from "../sandbox/events.ts"

/**
 * What a render, install, upgrade or uninstall tells, in the order in which it happens. The engines speak it, and the
 * terminal UI, the plain lines and `--output json` all listen to it; as text it is one JSON document a line.
 *
 * A flow begins with `start`. Steps are the work around objects (find programs, render charts, take the lock);
 * `plan` tells all that will happen before the first `resource`; `summary` is always the last.
 */
export type InstallEvent =
	| FlowStart
	| StepEvent
	| FlowPlan
	| ResourceEvent
	| FlowLog
	| FlowDiagnostic
	| FlowSummary

export type Flow = "render" | "install" | "upgrade" | "uninstall"
export type EngineName = "manifests" | "pulumi"

export type FlowStart = {
	readonly type: "start"
	readonly flow: Flow
	readonly engine: EngineName
	/** The context of the kubeconfig, or the folder that is written to. */
	readonly target: string
	/** The name of what is installed: the ApplySet, or the Pulumi stack. */
	readonly release: string
	readonly dryRun: boolean
}

/** What a flow does to one object. `read` looks and changes nothing. */
export type ResourceAction = "create" | "update" | "replace" | "delete" | "same" | "adopt" | "read"

/** One node of the tree of what is installed: a component (`children` below it), or an object of the cluster. */
export type ResourceNode = {
	/** Unique in the flow and the same in every run: the Pulumi URN's type and name, or `Kind.group/namespace/name`. */
	readonly id: string
	/** The id of the component that it belongs to; the roots have none. */
	readonly parent?: string
	/** `heddle:index:IstioSidecar`, or the object's kind with its group. */
	readonly kind: string
	readonly name: string
	readonly namespace?: string
}

export type PlannedChange = ResourceNode & {
	readonly action: ResourceAction
	/** Paths of the fields that would change, for `update` and `replace`. */
	readonly fields?: readonly string[]
	/** Another field manager that owns what would be taken over. */
	readonly owner?: string
}

/** Everything that will happen, in order. Comes once, before anything is changed. */
export type FlowPlan = {
	readonly type: "plan"
	readonly changes: readonly PlannedChange[]
}

/**
 * `pending` waits for its turn or for what it depends on · `working` the write is under way · `waiting` written and
 * not ready yet (a CRD that is not Established, a rollout) · `ready` · `gone` after a delete · `skipped` nothing to do ·
 * `failed`. The last four are final.
 */
export type ResourceState = "pending" | "working" | "waiting" | "ready" | "gone" | "skipped" | "failed"

export const finalResourceStates: ReadonlySet<ResourceState> = new Set(["ready", "gone", "skipped", "failed"])

export type ResourceEvent = ResourceNode & {
	readonly type: "resource"
	readonly action: ResourceAction
	readonly state: ResourceState
	/** What is waited for, or what went wrong. */
	readonly note?: string
	/** Since the object's turn came. */
	readonly elapsedMs?: number
}

export type FlowLog = {
	readonly type: "log"
	readonly level: "debug" | "info" | "warning" | "error"
	/** One line, without control characters; never a secret. */
	readonly text: string
	/** `helm`, `pulumi`, a plugin's name. */
	readonly source?: string
}

/** Something that a person has to know; `block` ends the flow before anything is changed. */
export type FlowDiagnostic = {
	readonly type: "diagnostic"
	readonly severity: "block" | "warning" | "info"
	/** Stable and CamelCase. */
	readonly code: string
	readonly message: string
	/** `Kind/namespace/name`. */
	readonly object?: string
	readonly fix?: string
}

/**
 * `done` all is as wanted · `unchanged` it was so before, nothing was written · `previewed` nothing was to be written ·
 * `refused` before anything was changed · `stopped` midway, and the same command resumes · `failed` is a bug.
 */
export type FlowResult = "done" | "unchanged" | "previewed" | "refused" | "stopped" | "failed"

export type FlowCounts = Readonly<
	Record<"created" | "updated" | "deleted" | "adopted" | "unchanged" | "failed", number>
>

export type FlowSummary = {
	readonly type: "summary"
	readonly result: FlowResult
	readonly counts: FlowCounts
	readonly elapsedMs: number
	readonly exitCode: ExitCode
	/** Why, when it is not `done`. */
	readonly message?: string
	/** Commands to go on with, such as the one that resumes. */
	readonly nextSteps?: readonly string[]
}

export type OnInstallEvent = (event: InstallEvent) => void

/** One line of text, without its newline. */
export function eventLine(event: InstallEvent): string {
	return JSON.stringify(event)
}

/** @throws SyntaxError when the line is none of ours, as when a child process was killed while it wrote */
export function parseEventLine(line: string): InstallEvent {
	const event: unknown = JSON.parse(line)
	if (typeof event === "object" && event !== null && "type" in event && typeof event.type === "string")
		return event as InstallEvent
	throw new SyntaxError("an event needs a type")
}
