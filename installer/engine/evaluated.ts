import type {OnInstallEvent} from "./events.ts"
import type {Installation} from "./installation.ts"
import type {Placed} from "./ordered.ts"
import {runChild} from "./run-child.ts"

type Options = {
	readonly signal: AbortSignal
	readonly onEvent: OnInstallEvent
	/** A folder of charts to take them from, and from nowhere else. */
	readonly chartDir?: string | undefined
}

/** The objects of an installation in their order, evaluated in a process of its own. @throws AbortError */
export async function evaluated(
	installation: Installation,
	{signal, onEvent, chartDir}: Options,
): Promise<readonly Placed[]> {
	let placed: readonly Placed[] | undefined
	const step = {type: "step", id: "evaluate", title: "Render what is to be installed"} as const
	const began = performance.now()
	onEvent({...step, state: "started"})
	try {
		await runChild({
			file: new URL("./evaluate-child.ts", import.meta.url),
			input: installation,
			env: chartDir === undefined ? {} : {HEDDLE_CHART_DIR: chartDir},
			signal,
			onAnswer: (answer) => {
				if (answer.type === "event") onEvent(answer.event)
				else if (answer.type === "placed") placed = answer.placed
			},
		})
	} catch (error) {
		onEvent({...step, state: "failed"})
		throw error
	}
	if (placed === undefined) throw new Error("the evaluation ended without an answer")
	const elapsedMs = Math.round(performance.now() - began)
	onEvent({...step, state: "done", note: `${placed.length} objects`, elapsedMs})
	return placed
}
