import type {Installation} from "../installation.ts"
import type {Ref} from "./record.ts"

/** What the child process is to do with a stack. */
export type Job = {
	/** `forget` takes away the stack itself, when nothing that it holds is left. */
	readonly operation: "read" | "preview" | "up" | "destroy" | "forget"
	readonly installation: Installation
	/** Objects that are wanted no longer. */
	readonly leaving: readonly Ref[]
	readonly stack: string
	/** What the cluster is known by; a state is of one cluster only. */
	readonly clusterId: string
	/** The address of the backend that keeps the state. */
	readonly backend: string
	/** Where project and stack settings are written; holds no secret. */
	readonly folder: string
	/** The folder above the CLI's `bin`. */
	readonly cliRoot: string
	readonly kubeconfig?: string
	readonly context?: string
	/** How long to wait for another update of the stack. */
	readonly lockPatienceMs: number
}
