import {setTimeout as pause} from "node:timers/promises"
import {inspect} from "node:util"

export type WaitOptions = {readonly timeoutMs?: number; readonly everyMs?: number}

/**
 * Looks until what is seen is as wanted, and returns it. A look that throws is tried again. When time runs out the
 * error says what was waited for and what was seen last.
 */
export async function waitFor<T>(
	what: string,
	look: () => T | Promise<T>,
	isIt: (seen: T) => boolean,
	{timeoutMs = 20_000, everyMs = 100}: WaitOptions = {},
): Promise<T> {
	const until = performance.now() + timeoutMs
	let last = "nothing"
	while (performance.now() < until) {
		try {
			const seen = await look()
			if (isIt(seen)) return seen
			last = inspect(seen, {depth: 8, breakLength: 120}).slice(0, 4_000)
		} catch (error) {
			last = String(error)
		}
		await pause(everyMs)
	}
	throw new Error(`waited ${timeoutMs / 1_000} s for ${what}; last seen: ${last}`)
}
