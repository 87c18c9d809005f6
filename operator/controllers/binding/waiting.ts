import {patienceMs} from "../../plan/order/window.ts"
import {isoTime} from "../iso-time.ts"
import type {Action} from "./actions.ts"
import {advance, type StepRecord} from "./record.ts"
import type {Progress} from "./steps.ts"

const recheckMs = 5_000

type Wait = {
	readonly actions?: readonly Action[]
	/** When it last came closer to its end, where that was after its start. Milliseconds since 1970. */
	readonly movedAt?: number
}

/** A step that is not there yet, as long as anybody's patience lasts. */
export const waiting = (
	step: StepRecord,
	now: number,
	message: string,
	{actions = [], movedAt = 0}: Wait = {},
): Progress => {
	const running = advance(step, "Running", now, message)
	const deadline = Math.max(Date.parse(running.startedAt ?? isoTime(now)), movedAt) + patienceMs
	if (now >= deadline)
		return {
			step: advance(step, "Failed", now, `gave up after ${patienceMs / 60_000} minutes: ${message}`),
			actions: [],
		}
	// Most of what is waited for shows in a watch; what only time tells is looked at again soon.
	return {step: running, actions, wakeAtMs: Math.min(deadline, now + recheckMs)}
}
