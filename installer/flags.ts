import type {Output} from "./session.ts"

/** The options of all commands, as commander names them; a command reads those that it declares. */
export type Flags = {
	readonly output: Output
	readonly input: boolean
	readonly color: boolean
	readonly context?: string
	readonly kubeconfig?: string
	/** Milliseconds. */
	readonly timeout?: number
	readonly fromFiles?: readonly string[]
	readonly profile?: readonly string[]
	readonly accept?: readonly string[]
	readonly allNamespaces?: boolean
	readonly strict?: boolean
	readonly yes?: boolean
	readonly dryRun?: boolean
	readonly watch?: boolean
	readonly namespace?: string
	readonly leaderElect?: boolean
	readonly healthAddress?: string
	readonly installCrds?: boolean
	readonly maxConcurrent?: number
	readonly podChangesPerSecond?: number
	readonly name?: string
	readonly size?: "kwok" | "node"
	readonly nodes?: number
	readonly mesh?: string
	readonly operator?: boolean
	/** A file with an Installation. */
	readonly file?: string
	/** `component.argument=value`. */
	readonly set?: readonly string[]
	readonly release?: string
	readonly engine?: "manifests" | "pulumi"
	readonly chartDir?: string
	readonly adopt?: boolean
	readonly keepCrds?: boolean
	/** Milliseconds. */
	readonly waitForLock?: number
	/** The version to upgrade to. */
	readonly to?: string
	/** A folder to write to. */
	readonly out?: string
	/** The address of a Pulumi backend. */
	readonly backend?: string
	/** Hosts of modules to ask, as `NAME` or `NAME@VERSION`. */
	readonly host?: readonly string[]
	/** The digest that a module or its image has to have, in hex. */
	readonly sha256?: string
	readonly plainHttp?: boolean
	/** Files that `heddle wasm inspect --output json` printed. */
	readonly wasmProof?: readonly string[]
}
