import {type ChildProcess, fork} from "node:child_process"
import {fileURLToPath} from "node:url"
import {capMemory} from "../binary/cap-memory.ts"
import type {Module} from "../binary/module.ts"
import type {Job} from "./child.ts"

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
	/** What its process may take altogether, engine and compiled code included. */
	readonly processMiB?: number
}

/** Far above what a module of a proxy needs, far below what hurts a workstation. */
const limits: Limits = {memoryMiB: 256, milliseconds: 20_000}

const pagesPerMiB = 16
const mebibyte = 1_048_576

const largestProcess = 1_024

/** For the process to begin: a machine's load is no fault of the module, whose own time counts from there. */
const startMs = 60_000

/**
 * Compiles and initialises a module in a process of its own: without a function that does anything, without files and
 * environment, with a heap, a stack, memories, a time and a size of the whole process that are bounded. It never throws
 * for what the module does.
 */
export async function runInSandbox(
	bytes: Uint8Array,
	module: Module,
	{memoryMiB, milliseconds, processMiB = largestProcess}: Limits = limits,
	signal?: AbortSignal,
): Promise<Run> {
	const refused = beforehand(module, memoryMiB)
	if (refused !== undefined) return {outcome: "failed", stages: [], message: refused}
	const pages = Math.floor((memoryMiB * pagesPerMiB) / Math.max(1, module.memories.length))
	const child = confined()
	try {
		const ended = outcome(child, milliseconds, signal)
		const job: Job = {bytes: capMemory(bytes, module, pages), processMiB}
		child.send(job)
		return await ended
	} finally {
		child.kill("SIGKILL")
		signal?.throwIfAborted()
	}
}

const folder = fileURLToPath(new URL(".", import.meta.url))

/** Node's permission model takes away files but its own program, addons, WASI and processes; it lets threads run. */
export const confinement: readonly string[] = [
	"--permission",
	"--allow-worker",
	`--allow-fs-read=${folder}*`,
	"--disable-warning=ExperimentalWarning",
	"--disable-warning=SecurityWarning",
]

function confined(): ChildProcess {
	return fork(fileURLToPath(new URL("./child.ts", import.meta.url)), [], {
		execArgv: [...confinement],
		env: {},
		cwd: folder,
		serialization: "advanced",
		stdio: ["ignore", "ignore", "ignore", "ipc"],
	})
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
	readonly ended?: true
}

async function outcome(
	child: ChildProcess,
	milliseconds: number,
	signal: AbortSignal | undefined,
): Promise<Run> {
	const stages: Stage[] = []
	let memoryMiB = 0
	let deadline: NodeJS.Timeout | undefined
	return await new Promise<Run>((resolve) => {
		const fail = (what: string) =>
			resolve({
				outcome: "failed",
				stages,
				message: `in the sandbox, at ${stages.at(-1) ?? "its start"}: ${what}`,
			})
		const late = () => fail("it did not come to an end in time")
		const within = (ms: number) => {
			clearTimeout(deadline)
			deadline = setTimeout(late, ms)
		}
		within(startMs)
		child.on("message", (message: Message) => {
			const {stage, memoryBytes = 0, done} = message
			if (stage !== undefined && stages.push(stage) === 1) within(milliseconds)
			memoryMiB = Math.max(memoryMiB, Math.ceil(memoryBytes / mebibyte))
			if (done) resolve({outcome: "ran", stages, memoryMiB})
			else if (message.failed !== undefined || message.ended) fail(message.failed ?? "its thread ended")
		})
		child.on("error", (error: Error) => fail(error.message))
		// An engine that finds no memory at all ends its whole process.
		child.on("exit", (code, killed) => fail(`its process ended by ${killed ?? `code ${code}`}`))
		signal?.addEventListener("abort", late, {once: true})
		if (signal?.aborted) late()
	}).finally(() => clearTimeout(deadline))
}
