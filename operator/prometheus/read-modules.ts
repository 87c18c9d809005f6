import {type AskedPods, podModules, podRequests} from "../../profiles/traffic/modules.ts"
import {PrometheusError, query} from "./query.ts"

/** What pods answered in a window. */
export type Answers = {
	readonly requests: number
	readonly failed: number
	readonly refused: number
	readonly p99Millis?: number
}

/** What is known of modules and requests of some pods, and of those that they are compared with. */
export type ModulesReading =
	| {
			readonly seconds: number
			/** How many of the pods are scraped, and how many of their agents have had a module since. */
			readonly seen: number
			readonly loaded: number
			readonly failures: number
			/** Absent where no proxy tells. */
			readonly active?: number
			readonly memoryBytes?: number
			readonly answers: Answers
			readonly others: Answers
	  }
	| {readonly problem: string}

type Source = {readonly address: string; readonly signal?: AbortSignal}

export type AskedModules = {
	readonly pods: AskedPods
	readonly others: AskedPods
	/** Since when modules count, in seconds: a copy is as old as its module, others run already. */
	readonly since: number
}

/** It never throws but when the signal ends it. */
export async function readModules(
	{address, signal}: Source,
	{pods, others, since}: AskedModules,
): Promise<ModulesReading> {
	const ask = (promql: string) => query(address, promql, signal)
	const asked = {...pods, seconds: since}
	try {
		const [answers, compared] = [await answersOf(ask, pods), await answersOf(ask, others)]
		const [seen = 0, loaded = 0, failures = 0, active, memoryBytes] = await Promise.all(
			[
				podModules.seen,
				podModules.loaded,
				podModules.failures,
				podModules.active,
				podModules.memoryBytes,
			].map((of) => ask(of(asked))),
		)
		return {
			seconds: pods.seconds,
			seen,
			loaded,
			failures,
			...(active === undefined ? {} : {active}),
			...(memoryBytes === undefined ? {} : {memoryBytes}),
			answers,
			others: compared,
		}
	} catch (error) {
		if (error instanceof PrometheusError) return {problem: error.message}
		throw error
	}
}

type Ask = (promql: string) => Promise<number | undefined>

/** Of pods without a request there is no series. */
async function answersOf(ask: Ask, asked: AskedPods): Promise<Answers> {
	const [requests = 0, failed = 0, refused = 0, p99Millis] = await Promise.all(
		[podRequests.requests, podRequests.failed, podRequests.refused, podRequests.p99Millis].map((of) =>
			ask(of(asked)),
		),
	)
	return {requests, failed, refused, ...(p99Millis === undefined ? {} : {p99Millis})}
}
