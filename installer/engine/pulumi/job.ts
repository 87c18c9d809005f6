import type {Installation} from "../installation.ts"

/** What the child process is to do with a stack. */
export type Job = {
	readonly operation: "read" | "preview" | "up" | "destroy"
	readonly installation: Installation
	readonly stack: string
	/** The address of the backend that keeps the state. */
	readonly backend: string
	/** Where project and stack settings are written; holds no secret. */
	readonly folder: string
	/** The folder of the CLI, where it is not the one on PATH. */
	readonly cliRoot?: string
	readonly kubeconfig?: string
	readonly context?: string
}
