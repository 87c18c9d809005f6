import {setTimeout as pause} from "node:timers/promises"
import {inspect} from "node:util"

/** On a machine that is busy with other work: how many times longer every wait may take. */
export const patience = Number(process.env.HEDDLE_TEST_PATIENCE ?? 1)

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
	const limitMs = timeoutMs * patience
	const until = performance.now() + limitMs
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
	throw new Error(`waited ${limitMs / 1_000} s for ${what}; last seen: ${last}`)
}
