import {wasmRuntime} from "../wasm/runtime.ts"

/** WasmEdge, by runwasi's shim or by crun. */
export const wasmedge = wasmRuntime("wasmedge")
