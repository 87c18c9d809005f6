import {dapr} from "./dapr/index.ts"
import type {Runtime} from "./runtime.ts"
import {wasmedge} from "./wasmedge/index.ts"
import {wasmtime} from "./wasmtime/index.ts"

/** Every application runtime that Heddle knows. */
export const runtimes: readonly Runtime[] = [dapr, wasmedge, wasmtime]
