/** What a load client counted in one second; the shape that pods/load.ts tells. */
export type Second = {
	at: number
	sent: number
	answered: number
	ok: number
	late: number
	worstMs: number
	outcomes: Record<string, number>
	latencies: number[]
}

/** Upper limits of the buckets of `latencies`, in milliseconds; the same as in pods/load.ts. */
const buckets = [1, 2, 3, 5, 8, 12, 18, 27, 40, 60, 90, 135, 200, 300, 450, 700, 1000, 10_000]

export type Tally = {
	requests: number
	/** Lost or late: each counts as failed. */
	failed: number
	/** No 2xx, a reset, a time-out, or no answer at all. */
	lost: number
	/** Answered well, but after more than a second. */
	late: number
	/** Answered with 2xx, however late. */
	admitted: number
	outcomes: Record<string, number>
	worstMs: number
	/** The upper limit of the bucket in which the 99th percentile lies; undefined without a request. */
	p99Ms: number | undefined
}

/** Pure: the sum over some seconds of one or more clients. What was sent and never answered has failed. */
export function tallyOf(seconds: readonly Second[]): Tally {
	const sum = (pick: (second: Second) => number) => seconds.reduce((total, second) => total + pick(second), 0)
	const outcomes: Record<string, number> = {}
	for (const second of seconds) {
		for (const [outcome, count] of Object.entries(second.outcomes))
			outcomes[outcome] = (outcomes[outcome] ?? 0) + count
	}
	const requests = sum(({sent}) => sent)
	const admitted = sum(({ok}) => ok)
	const late = sum((second) => second.late)
	const lost = sum(({answered, ok}) => answered - ok) + Math.max(0, requests - sum(({answered}) => answered))
	return {
		requests,
		failed: lost + late,
		lost,
		late,
		admitted,
		outcomes,
		worstMs: seconds.reduce((worst, {worstMs}) => Math.max(worst, worstMs), 0),
		p99Ms: percentile(seconds, 0.99),
	}
}

function percentile(seconds: readonly Second[], share: number): number | undefined {
	const counts = buckets.map((_, index) =>
		seconds.reduce((total, {latencies}) => total + (latencies[index] ?? 0), 0),
	)
	const all = counts.reduce((total, count) => total + count, 0)
	if (all === 0) return undefined
	let seen = 0
	for (const [index, count] of counts.entries()) {
		seen += count
		if (seen >= all * share) return buckets[index]
	}
	return buckets.at(-1)
}

/** Seconds that began within a span, in milliseconds since 1970. */
export const within = (seconds: readonly Second[], from: number, to: number): Second[] =>
	seconds.filter(({at}) => at >= from && at < to)
