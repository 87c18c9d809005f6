/** What a long-running piece of work tells whoever is watching it: one line per step, whatever the face. */
export type StepState = "started" | "progress" | "done" | "failed" | "skipped"

export type StepEvent = {
	type: "step"
	/** Stable within one run: later events with the same id are about the same step. */
	id: string
	title: string
	state: StepState
	note?: string
	elapsedMs?: number
	estimateMs?: number
	/** 0..1, where it can be known. */
	fraction?: number
}

export type OnEvent = (event: StepEvent) => void

type StepDetail = Pick<StepEvent, "note" | "estimateMs" | "fraction">

/** Runs `work` as one step: exactly one `started`, then exactly one `done` or `failed`. */
export async function step<T>(
	onEvent: OnEvent,
	id: string,
	title: string,
	work: (progress: (detail: StepDetail) => void) => Promise<T>,
): Promise<T> {
	const began = performance.now()
	const send = (state: StepState, detail: StepDetail = {}) =>
		onEvent({type: "step", id, title, state, elapsedMs: Math.round(performance.now() - began), ...detail})
	send("started")
	try {
		const result = await work((detail) => send("progress", detail))
		send("done")
		return result
	} catch (error) {
		send("failed", {note: error instanceof Error ? error.message : String(error)})
		throw error
	}
}
