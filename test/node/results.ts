import {mkdirSync, writeFileSync} from "node:fs"
import {join} from "node:path"
import type {Measured} from "./course.ts"
import type {TrafficResult as Result} from "./traffic-result.ts"

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
