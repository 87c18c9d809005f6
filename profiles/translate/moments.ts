import {type Comparison, compare, type Decide} from "../policy/compare.ts"
import type {Request} from "../policy/request.ts"

/** Decisions before a move, at each moment of it, and at its end. */
export type Moments = {
	readonly before: Decide
	/** By what is the case. None may allow what was denied before. */
	readonly during: Readonly<Record<string, Decide>>
	readonly end: Decide
	/** The requests that an exact translation promises to decide as before; on others it may deny more. */
	readonly promises: (request: Request) => boolean
}

export type Check = {
	readonly requests: number
	/** Requests that some moment allows although they were denied. */
	readonly wider: readonly (Comparison["wider"][number] & {readonly moment: string})[]
	/** Promised requests that are denied in the end although they were allowed. */
	readonly narrower: Comparison["narrower"]
}

/** Puts requests to every moment of a move. */
export function check({before, during, end, promises}: Moments, requests: readonly Request[]): Check {
	const moments = {...during, "the end": end}
	return {
		requests: requests.length,
		wider: Object.entries(moments).flatMap(([moment, decide]) =>
			compare(requests, before, decide).wider.map((one) => ({...one, moment})),
		),
		narrower: compare(requests.filter(promises), before, end).narrower,
	}
}
