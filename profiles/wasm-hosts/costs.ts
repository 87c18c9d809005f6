import type {Resources} from "../dataplane.ts"
import {between} from "../figures.ts"

/*
 * Nobody publishes what a module costs. The figures are wide on purpose and stand for "not measured here": they go
 * into a remark, never into the sum of a plan.
 */

/** One copy of a module in one worker thread of one proxy; a proxy has two threads by Istio's default. */
export const extensionCost: {readonly perThread: Resources; readonly source: string} = {
	perThread: {cpuMillis: between(0, 20, 200), memoryMiB: between(1, 8, 64)},
	source:
		"no published measure; Envoy runs a copy per worker thread (envoyproxy.io, arch_overview/advanced/wasm), and V8 may grow each copy to the limit of its own memory",
}

/** What a WebAssembly workload takes of what the same program takes as a native container, in percent. */
export const workloadShare = {
	percent: between(10, 60, 150),
	source:
		"no published measure that names its method: the claim of 1 % of a container's resources has no good source. The runtime, its shim and the sandbox of the pod stay; compute-bound code may run slower than native",
} as const
