import {setTimeout as sleep} from "node:timers/promises"
import {messageOf, SandboxError} from "../errors.ts"
import {KubeError} from "./client.ts"

export type Until = {
	what: string
	timeoutMs: number
	signal?: AbortSignal | undefined
	everyMs?: number
	hint?: string
}

/** Repeats `attempt` until it returns something; its last error explains a time-out. */
export async function until<T>(
	{what, timeoutMs, signal, everyMs = 60, hint}: Until,
	attempt: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
	const end = Date.now() + timeoutMs
	let last: unknown
	for (;;) {
		signal?.throwIfAborted()
		try {
			const result = await attempt()
			if (result !== undefined) return result
		} catch (error) {
			if (error instanceof SandboxError) throw error
			last = error
		}
		if (Date.now() > end) {
			const why = last === undefined ? "" : ` (${messageOf(last)})`
			throw new SandboxError(
				`${what}: not within ${timeoutMs / 1000} s${why}`,
				hint ?? "The logs in the sandbox' folder say more.",
			)
		}
		await sleep(everyMs)
	}
}

/** What a young API server answers while it still gets ready: worth asking again. */
function isTransient(error: unknown): boolean {
	if (!(error instanceof KubeError)) return true
	return [404, 409, 429, 500, 503].includes(error.status)
}

/** Retries `work` while a starting control plane cannot do it yet; a real refusal comes out at once. */
export function patiently<T>(what: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
	return until({what, timeoutMs: 180_000, signal, everyMs: 120}, async () => {
		try {
			return {result: await work()}
		} catch (error) {
			if (isTransient(error)) throw error
			throw new SandboxError(
				`${what}: ${messageOf(error)}`,
				"This is a fault of the sandbox itself; please report it.",
				{cause: error},
			)
		}
	}).then(({result}) => result)
}
