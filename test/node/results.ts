import {mkdirSync, writeFileSync} from "node:fs"
import {join} from "node:path"
import type {Captured} from "./capture.ts"
import type {Measured} from "./course.ts"

/** One row of docs/traffic.md. */
export type Result = {
	name: string
	title: string
	requests: number
	/** Lost: no 2xx, a reset, a time-out. Late: more than a second. */
	lost: number
	late: number
	outcomes: Record<string, number>
	worstMs: number
	p99Ms: Measured["p99Ms"]
	cut: number
	actSeconds: number
	/** Requests that a policy forbids, and how many of them were answered with 2xx while it had to be enforced. */
	unauthorised?: {sent: number; admitted: number}
	/** Payloads between pods while mTLS was strict. */
	plaintext?: Captured
	note?: string
}

type Facts = Pick<Result, "name" | "title" | "unauthorised" | "plaintext" | "note">

export const resultOf = (facts: Facts, {load, p99Ms, cut, actSeconds}: Measured): Result => ({
	...facts,
	requests: load.requests,
	lost: load.lost,
	late: load.late,
	outcomes: load.outcomes,
	worstMs: load.worstMs,
	p99Ms,
	cut,
	actSeconds,
})

/** Told at the end of a case; kept as a file where HEDDLE_NODE_RESULTS names a folder. */
export function report(result: Result): Result {
	process.stderr.write(`traffic: ${JSON.stringify(result)}\n`)
	const folder = process.env.HEDDLE_NODE_RESULTS
	if (folder) {
		mkdirSync(folder, {recursive: true})
		writeFileSync(join(folder, `${result.name}.json`), `${JSON.stringify(result, null, "\t")}\n`)
	}
	return result
}
