import {Worker} from "node:worker_threads"
import {capMemory} from "../binary/cap-memory.ts"
import type {Module} from "../binary/module.ts"

export type Stage = "compile" | "instantiate" | "_initialize" | "_start" | "main"

/** How a module came through its own initialisation. */
export type Run =
	| {
			readonly outcome: "ran"
			/** What was run, in order. */
			readonly stages: readonly Stage[]
			/** After its initialisation. */
			readonly memoryMiB: number
	  }
	| {readonly outcome: "failed"; readonly stages: readonly Stage[]; readonly message: string}

export type Limits = {
	/** What its memories may grow to altogether. */
	readonly memoryMiB: number
	readonly milliseconds: number
}

/** Far above what a module of a proxy needs, far below what hurts a workstation. */
const limits: Limits = {memoryMiB: 256, milliseconds: 20_000}

const pagesPerMiB = 16
const mebibyte = 1_048_576

/**
 * Compiles and initialises a module in a thread of its own: without a function that does anything, with a heap, a
 * stack, memories and a time that are bounded. It never throws for what the module does.
 */
export async function runInSandbox(
	bytes: Uint8Array,
	module: Module,
	{memoryMiB, milliseconds}: Limits = limits,
	signal?: AbortSignal,
): Promise<Run> {
	const refused = beforehand(module, memoryMiB)
	if (refused !== undefined) return {outcome: "failed", stages: [], message: refused}
	const pages = Math.floor((memoryMiB * pagesPerMiB) / Math.max(1, module.memories.length))
	const worker = new Worker(new URL("./worker.ts", import.meta.url), {
		workerData: capMemory(bytes, module, pages),
		env: {},
		stdout: true,
		stderr: true,
		resourceLimits: {maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32, stackSizeMb: 4},
	})
	try {
		return await outcome(
			worker,
			AbortSignal.any([AbortSignal.timeout(milliseconds), ...(signal ? [signal] : [])]),
		)
	} finally {
		await worker.terminate()
		signal?.throwIfAborted()
	}
}

function beforehand({imports, memories}: Module, memoryMiB: number): string | undefined {
	const other = imports.find(({kind}) => kind !== "function")
	if (other !== undefined)
		return `it was not run: it needs the ${other.kind} ${other.module}.${other.name} of its host`
	if (memories.some(({wide}) => wide)) return "it was not run: it has a memory of 64 bits"
	const needs = memories.reduce((sum, {minimum}) => sum + minimum, 0) / pagesPerMiB
	return needs > memoryMiB
		? `it was not run: it needs ${Math.ceil(needs)} MiB of memory to begin with, and may have ${memoryMiB} here`
		: undefined
}

type Message = {
	readonly stage?: Stage
	readonly memoryBytes?: number
	readonly failed?: string
	readonly done?: true
}

function outcome(worker: Worker, signal: AbortSignal): Promise<Run> {
	const stages: Stage[] = []
	let memoryMiB = 0
	return new Promise((resolve) => {
		const fail = (what: string) =>
			resolve({
				outcome: "failed",
				stages,
				message: `in the sandbox, at ${stages.at(-1) ?? "its start"}: ${what}`,
			})
		worker.on("message", ({stage, memoryBytes, failed, done}: Message) => {
			if (stage !== undefined) stages.push(stage)
			if (memoryBytes !== undefined) memoryMiB = Math.ceil(memoryBytes / mebibyte)
			if (failed !== undefined) fail(failed)
			if (done) resolve({outcome: "ran", stages, memoryMiB})
		})
		worker.on("error", (error: Error & {code?: string}) =>
			fail(
				error.code === "ERR_WORKER_OUT_OF_MEMORY" ? "it takes more memory than it may have" : error.message,
			),
		)
		worker.on("exit", () => fail("its thread ended"))
		signal.addEventListener("abort", () => fail("it did not come to an end in time"), {once: true})
		if (signal.aborted) fail("it did not come to an end in time")
	})
}
