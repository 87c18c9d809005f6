import {wasmRuntime} from "../wasm/runtime.ts"

/** Wasmtime, by runwasi's shim, by Spin's, or by crun. */
export const wasmtime = wasmRuntime("wasmtime")
