import type {MeshBinding, MeshProfile} from "../../../crds/generated.ts"
import type {NamespacePlan, Plan} from "../../../operator/plan/types.ts"
import type {HostName} from "../../../profiles/wasm-hosts/host.ts"
import type {ComponentName} from "../../engine/component-names.ts"
import type {Inspection} from "../../wasm/types.ts"
import type {Draft} from "./draft.ts"
import type {Flow} from "./flow.ts"
import type {Table} from "./table.ts"

export const screens = [
	"welcome",
	"discovery",
	"namespaces",
	"detail",
	"plan",
	"diff",
	"board",
	"dataplanes",
	"install",
	"modules",
	"module",
	"summary",
] as const
export type ScreenName = (typeof screens)[number]

/** A cluster that may be looked at. */
export type Choice =
	| {readonly kind: "context"; readonly name: string; readonly server: string; readonly current: boolean}
	| {
			readonly kind: "sandbox"
			readonly name: string
			readonly state: "absent" | "running" | "degraded" | "stopped" | "unfinished"
			readonly nodes: number
			readonly kubeconfig?: string
	  }

/** How the way to the cluster is. Times are of the state's clock. */
export type Link =
	| {readonly state: "none"}
	| {readonly state: "connecting"; readonly since: number}
	| {readonly state: "up"}
	| {readonly state: "lost"; readonly since: number; readonly why: string}

export type Cluster = {
	readonly context: string
	/** Given with `--kubeconfig`, or a sandbox's own; the home folder as `~`. */
	readonly kubeconfig?: string
	/** The context is to be named in commands. */
	readonly named: boolean
	readonly version?: string
	readonly nodes?: number
}

/** One line of discovery. */
export type Check = {
	readonly id: string
	readonly title: string
	readonly state: "running" | "ok" | "warn" | "bad" | "none"
	readonly note?: string
	readonly fix?: string
	/** What is not as it should be. */
	readonly findings?: readonly Finding[]
}

export type Finding = {
	readonly id: string
	readonly severity: "error" | "warning" | "info"
	readonly text: string
	readonly fix: string
}

/** One dataplane that Heddle knows, in the cluster or not. */
export type Plane = {
	readonly name: string
	readonly family: "Sidecar" | "Sidecarless" | "None"
	/** Absent when it is not installed. */
	readonly revision?: string
	readonly version?: string
	readonly healthy?: boolean
	readonly namespaces?: readonly string[]
	readonly pods: number
	readonly note?: string
}

/** What Heddle can install, as its record in the cluster has it. */
export type Component = {
	readonly name: ComponentName
	readonly recorded: boolean
	/** Of what is recorded; absent too where a component has no version of its own. */
	readonly version?: string
	/** Where an upgrade would bring it; absent when that is where it is. */
	readonly newer?: string
}

export type Module = {
	readonly name: string
	readonly profile: string
	readonly url: string
	readonly sha256: string
	readonly phase: string
	readonly failurePolicy: string
	/** Where the profile may bring it. */
	readonly hosts: readonly HostName[]
}

/** A module that a person has asked about; by no profile when its address was typed. */
export type Asked = Pick<Module, "url"> & Partial<Pick<Module, "name" | "sha256" | "hosts">>

export type Look =
	| {readonly state: "running"}
	| {readonly state: "done"; readonly seen: Inspection}
	| {readonly state: "failed"; readonly problem: Problem}

/** Long work that a person watches: a sandbox that starts, a dataplane that is installed or taken away. */
export type Job = {
	readonly kind: "sandbox" | InstallFlow
	readonly title: string
	/** What it is done to, for the sentence that tells of it. */
	readonly what?: string
	/** The components that are installed, or the sandbox. */
	readonly names: readonly string[]
	/** `asking`: the plan is there and waits for a yes. `stopping`: the current step is let end. */
	readonly state: "running" | "asking" | "stopping" | "done" | "failed"
	readonly flow: Flow
	readonly problem?: Problem
	/** Does the same, or goes on after a stop. */
	readonly command: string
}

export type InstallFlow = "install" | "upgrade" | "uninstall"

/** What went wrong and what to do about it. */
export type Problem = {readonly message: string; readonly fix?: string}

/** A question on the line of messages. */
export type Prompt =
	| {
			readonly kind: "text"
			readonly about: "filter" | "save" | "inspect"
			readonly label: string
			readonly value: string
	  }
	| {readonly kind: "confirm"; readonly about: Confirmed; readonly label: string}
	/** What cannot be taken back is agreed to by typing what it happens to. */
	| {
			readonly kind: "typed"
			readonly about: Confirmed
			readonly label: string
			readonly wanted: string
			readonly value: string
	  }

/** What a person says yes to. */
export type Confirmed =
	| {readonly type: "start"}
	| {readonly type: "roll-back"; readonly namespace: string}
	| {readonly type: "leave"}
	| {readonly type: "install"}

export type Scroll = {readonly top: number; readonly cursor: number}

/** What stands on the screen when a key is pressed: how many lines or rows there are, and how many fit. */
export type Extent = {readonly length: number; readonly room: number}

export type Binding = MeshBinding

export type LogLine = {
	readonly at: number
	readonly namespace: string
	readonly text: string
	readonly tone: "ok" | "bad" | "dim"
}

export type Board = {
	/** Those of which a migration is known, the running ones first. */
	readonly bindings: readonly Binding[]
	readonly log: readonly LogLine[]
	/** Share of the wanted pods of a namespace that were ready, one sample a second, the newest last. */
	readonly ready: Readonly<Record<string, readonly number[]>>
	/** What the gates on metrics of a namespace have measured, one sample a judgement, the newest last. */
	readonly traffic: Readonly<Record<string, readonly TrafficSample[]>>
}

/** Of the side that counted most. */
export type TrafficSample = {
	readonly at: string
	readonly requests: number
	readonly failed: number
	readonly p99Millis?: number
}

/** Something that this session changed, for the summary. */
export type Deed = {
	readonly at: number
	readonly what: string
	readonly command: string
	readonly file?: {readonly path: string; readonly text: string; readonly saved: boolean}
}

export type State = {
	readonly screen: ScreenName
	readonly trail: readonly ScreenName[]
	readonly help: boolean
	/** Milliseconds since 1970, told by ticks. */
	readonly now: number
	readonly scrolls: Readonly<Record<ScreenName | "help", Scroll>>
	readonly prompt?: Prompt
	readonly notice?: {
		readonly tone: "ok" | "warn" | "bad" | "dim"
		readonly text: string
		readonly fix?: string
	}
	/** Since when the notice stands. */
	readonly noticeAt: number
	readonly choices?: readonly Choice[]
	readonly problem?: Problem
	readonly link: Link
	readonly cluster?: Cluster
	readonly checks: readonly Check[]
	readonly discovered: boolean
	readonly planes: readonly Plane[]
	/** Undefined until the record was read. */
	readonly components?: readonly Component[]
	readonly table: Table
	readonly detail?: {readonly namespace: string; readonly plan?: NamespacePlan}
	readonly profiles: readonly MeshProfile[]
	readonly draft?: Draft
	readonly plan?: Plan
	/** Lines of the YAML diff of the plan, without colour: `+`, `-` or a blank come first. */
	readonly diff?: readonly string[]
	/** The profile of the draft, as a file. */
	readonly draftYaml?: string
	readonly board: Board
	readonly modules: readonly Module[]
	/** The module that is looked at. */
	readonly asked?: Asked
	/** What was found out, by `lookKey`. */
	readonly looks: Readonly<Record<string, Look>>
	readonly job?: Job
	readonly deeds: readonly Deed[]
	readonly leaving: boolean
}
