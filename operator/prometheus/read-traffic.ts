import type {Asked, TrafficView} from "../../profiles/traffic/traffic.ts"
import {PrometheusError, query} from "./query.ts"

/** What one side counted in the window; `p99Millis` is absent where nothing measured it. */
export type SideReading = {
	readonly side: TrafficView["side"]
	readonly requests: number
	readonly succeeded: number
	readonly p99Millis?: number
}

/** Requests of the last `seconds`, by side; a side without a sample is left out. `problem`: nothing could be read. */
export type TrafficReading =
	| {readonly seconds: number; readonly sides: readonly SideReading[]}
	| {readonly problem: string}

export type Source = {
	readonly address: string
	readonly views: readonly TrafficView[]
	/** Samples older than this are of another time, in seconds. */
	readonly staleAfter: number
	/** The time, in milliseconds since 1970. */
	readonly now: number
	readonly signal?: AbortSignal
}

/** Reads every view. It never throws but when the signal ends it: what cannot be read holds a gate, and says why. */
export async function readTraffic(source: Source, asked: Asked): Promise<TrafficReading> {
	try {
		const read = await Promise.all(source.views.map((view) => readView(source, view, asked)))
		return {seconds: asked.seconds, sides: merged(read.filter((one) => one !== undefined))}
	} catch (error) {
		if (error instanceof PrometheusError) return {problem: error.message}
		throw error
	}
}

async function readView(
	{address, staleAfter, now, signal}: Source,
	view: TrafficView,
	asked: Asked,
): Promise<SideReading | undefined> {
	const ask = (promql: string) => query(address, promql, signal)
	const [newest, requests, succeeded, p99Millis] = await Promise.all([
		ask(view.newest(asked)),
		ask(view.requests(asked)),
		ask(view.succeeded(asked)),
		view.p99Millis && ask(view.p99Millis(asked)),
	])
	if (newest === undefined || requests === undefined || now / 1_000 - newest > staleAfter) return undefined
	// Without one request that succeeded there is no such series: none did.
	return {
		side: view.side,
		requests,
		succeeded: succeeded ?? 0,
		...(p99Millis === undefined ? {} : {p99Millis}),
	}
}

/** A request is counted by one dataplane's proxy on each side: dataplanes add up, the slower one is the p99. */
function merged(views: readonly SideReading[]): readonly SideReading[] {
	const sides = new Map<string, SideReading>()
	for (const view of views) {
		const known = sides.get(view.side)
		sides.set(view.side, known === undefined ? view : plus(known, view))
	}
	return [...sides.values()]
}

function plus(a: SideReading, b: SideReading): SideReading {
	const slowest = [a.p99Millis, b.p99Millis].filter((one) => one !== undefined)
	return {
		side: a.side,
		requests: a.requests + b.requests,
		succeeded: a.succeeded + b.succeeded,
		...(slowest.length === 0 ? {} : {p99Millis: Math.max(...slowest)}),
	}
}
