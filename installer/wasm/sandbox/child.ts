import {Worker} from "node:worker_threads"

/*
 * The process in which a module that nobody trusts is run: with an empty environment and, by Node's permission model,
 * without files, addons and processes of its own. A thread of it does the work; this one looks on how much memory all of
 * it takes, since what an engine needs to compile is bounded by no option of its own. When it goes, all goes with it.
 */

/** What to run, and how much memory the whole process may take meanwhile. */
export type Job = {readonly bytes: Uint8Array; readonly processMiB: number}

const mebibyte = 1_048_576
const everyMs = 20

const tell = (message: object, then = () => {}) => process.send?.(message, then)
const end = (message: object) => tell(message, () => process.exit(0))

process.once("message", ({bytes, processMiB}: Job) => {
	const worker = new Worker(new URL("./worker.ts", import.meta.url), {
		workerData: bytes,
		env: {},
		stdout: true,
		stderr: true,
		resourceLimits: {maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32, stackSizeMb: 4},
	})
	worker.on("message", (message: object) => tell(message))
	worker.on("error", (error: Error & {code?: string}) =>
		end({
			failed:
				error.code === "ERR_WORKER_OUT_OF_MEMORY" ? "it takes more memory than it may have" : error.message,
		}),
	)
	worker.on("exit", () => end({ended: true}))
	setInterval(() => {
		if (process.memoryUsage.rss() > processMiB * mebibyte)
			end({failed: `it takes more than ${processMiB} MiB, its engine included`})
	}, everyMs)
})
// Whoever asked is gone: nobody waits for the answer.
process.once("disconnect", () => process.exit(0))
