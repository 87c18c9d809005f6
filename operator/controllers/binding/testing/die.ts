import {live} from "./live.ts"
import type {Run} from "./reconcile.ts"

/** The operator's death before a write. */
class Death extends Error {}

/**
 * Runs to the end; the operator dies before the writes with these numbers, and another goes on from the objects.
 * Answers how many writes it took.
 */
export function liveThroughDeaths(run: Run, deaths: readonly number[]): number {
	let count = 0
	const waiting = new Set(deaths)
	const deadly: Run = {
		...run,
		before: (write) => {
			run.before?.(write)
			if (waiting.delete(count)) throw new Death()
			count += 1
		},
	}
	for (;;) {
		try {
			live(deadly)
			return count
		} catch (error) {
			if (!(error instanceof Death)) throw error
		}
	}
}
