import {ComponentResource, type ComponentResourceOptions, type Input} from "@pulumi/pulumi"
import {type Call, raise} from "../raise.ts"
import {wasmRuntime} from "../recipes/wasm-runtime.ts"

export interface WasmRuntimeArgs {
	/** Among `wasmedge` (default), `wasmtime` and `spin`. */
	runtimes?: Input<Input<string>[]>
	/** The label, with the value `true`, of the nodes that have the runtimes; `heddle.dev/wasm` when left out. */
	nodeLabel?: Input<string>
	/** An image that puts the shims onto those nodes. It gets their whole disk, so it is yours to choose; without it nodes are set up elsewhere. */
	installerImage?: Input<string>
	/** Where the setup runs, `wasm-system` when left out. */
	namespace?: Input<string>
}

/** RuntimeClasses for WebAssembly workloads, kept to the nodes that have the runtime, and optionally the setup of those nodes. */
export class WasmRuntime extends ComponentResource<void> {
	constructor(name: string, args: WasmRuntimeArgs = {}, opts?: ComponentResourceOptions) {
		super(wasmRuntime.token, name, args, opts)
	}

	protected override initialize(...call: Call): Promise<void> {
		return raise(this, wasmRuntime, call)
	}
}
