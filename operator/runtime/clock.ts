import type {Clock} from "./types.ts"

/** setTimeout overflows beyond this and fires at once. */
const longestTimerMs = 2 ** 31 - 1

export const systemClock: Clock = {
	now: () => Date.now(),
	monotonic: () => performance.now(),
	setTimer(delayMs, run) {
		const timer = setTimeout(run, Math.min(Math.max(0, delayMs), longestTimerMs))
		return {cancel: () => clearTimeout(timer)}
	},
}
