import {mkdirSync, writeFileSync} from "node:fs"
import {join} from "node:path"
import type {CostResult} from "./cost-result.ts"
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

export const report = (result: Result): Result => told("traffic", ".", result)

export const reportCost = (result: CostResult): CostResult => told("cost", "cost", result)

/** Told at the end of a case; kept as a file where HEDDLE_NODE_RESULTS names a folder. */
function told<T extends {name: string}>(what: string, under: string, result: T): T {
	process.stderr.write(`${what}: ${JSON.stringify(result)}\n`)
	const results = process.env.HEDDLE_NODE_RESULTS
	if (results) {
		const folder = join(results, under)
		mkdirSync(folder, {recursive: true})
		writeFileSync(join(folder, `${result.name}.json`), `${JSON.stringify(result, null, "\t")}\n`)
	}
	return result
}
