import {setTimeout as delay} from "node:timers/promises"

/** The reason of a signal that a timeout aborted, told apart from the caller's own abort. */
export class TimedOut extends Error {
	override readonly name = "TimedOut"
}

export type Deadline = {
	readonly signal: AbortSignal
	/** Starts the time anew: for idle timers. */
	renew(): void
	/** Lets go of the caller's signal; without it, a signal that lives as long as the operator would keep every request. */
	done(): void
}

/** A signal that aborts with the parent, or after a while. */
export function deadline(parent: AbortSignal | undefined, ms: number): Deadline {
	const controller = new AbortController()
	const abort = () => controller.abort(parent?.reason)
	const expire = () => controller.abort(new TimedOut(`no answer within ${ms / 1_000} s`))
	let timer = setTimeout(expire, ms)
	if (parent?.aborted) abort()
	parent?.addEventListener("abort", abort, {once: true})
	return {
		signal: controller.signal,
		renew() {
			clearTimeout(timer)
			timer = setTimeout(expire, ms)
		},
		done() {
			clearTimeout(timer)
			parent?.removeEventListener("abort", abort)
		},
	}
}

/** Waits; rejects with the signal's own reason. */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
	try {
		await delay(ms, undefined, {signal})
	} catch {
		throw signal.reason
	}
}
