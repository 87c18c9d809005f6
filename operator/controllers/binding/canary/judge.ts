import {plural} from "../../../../profiles/names.ts"
import type {Answers, ModulesReading} from "../../../prometheus/read-modules.ts"
import {type Gates, judgeSides, type TrafficVerdict} from "../traffic.ts"

/** How much of what a proxy may take it takes at most: beyond, the next request may be the last. */
const fullPercent = 90
/** In points of percent: what two samples of the same traffic differ by. */
const sameRefusals = 1

export type Canaried = {
	/** How many pods are to have the module. */
	readonly pods: number
	/** Of the proxy's container, in bytes, where it has a limit. */
	readonly memoryLimit: number | undefined
	/** A person expects it to refuse requests that passed before. */
	readonly mayRefuse: boolean
}

/**
 * A module on some pods against the same requests elsewhere. What failed is a failure at once; what nobody tells of is
 * waited for.
 */
export function judgeModules(gates: Gates, reading: ModulesReading, canaried: Canaried): TrafficVerdict {
	if ("problem" in reading) return hold(reading.problem)
	const {answers, others, seen, loaded, failures, active} = reading
	const {pods, mayRefuse} = canaried
	if (failures > 0) return fail(`${plural(Math.round(failures), "time")} an agent could not have the module`)
	if (seen < pods)
		return hold(`${seen} of ${plural(pods, "pod")} are scraped with the labels namespace and pod`)
	if (loaded < pods) return hold(`${loaded} of ${plural(pods, "agent")} had the module yet`)
	if (active === undefined) return hold("no proxy tells of its virtual machines (envoy_wasm_…_active)")
	if (active < 1) return fail("a proxy runs no virtual machine: its module does not run")
	const full = memoryOf(reading, canaried)
	if (full !== undefined) return fail(full)
	const refused = mayRefuse ? undefined : refusals(answers, others)
	if (refused !== undefined && answers.refused >= leastRefused) return fail(refused)
	const judged = judgeSides(gates, [side(answers)], baselineOf(others))
	if (judged.verdict !== "pass") return judged
	return {verdict: "pass", message: `${judged.message}; ${plural(loaded, "agent")} had the module`}
}

/** Fewer may be anybody's mistake. */
const leastRefused = 5

const hold = (message: string): TrafficVerdict => ({verdict: "hold", message})
const fail = (message: string): TrafficVerdict => ({verdict: "fail", message})

const side = ({requests, failed, p99Millis}: Answers) => ({
	side: "server" as const,
	requests: Math.round(requests),
	failed: Math.round(failed),
	...(p99Millis === undefined ? {} : {p99Millis}),
})

/** Those without the module, at the same time or just before: nothing else tells what is usual now. */
const baselineOf = (others: Answers) =>
	others.requests === 0 ? undefined : {measuredAt: "", seconds: 0, sides: [side(others)]}

const percentOf = ({requests, refused}: Answers): number => (requests === 0 ? 0 : (100 * refused) / requests)

function refusals(answers: Answers, others: Answers): string | undefined {
	const [here, there] = [percentOf(answers), percentOf(others)]
	if (here <= there + sameRefusals) return undefined
	const rounded = (percent: number) => Math.round(percent * 10) / 10
	return `${rounded(here)} % of requests are refused with the module, and ${rounded(there)} % without`
}

function memoryOf({memoryBytes}: Exclude<ModulesReading, {problem: string}>, {memoryLimit}: Canaried) {
	if (memoryBytes === undefined || memoryLimit === undefined) return undefined
	const percent = Math.round((100 * memoryBytes) / memoryLimit)
	return percent < fullPercent ? undefined : `a proxy takes ${percent} % of the memory that it may have`
}
