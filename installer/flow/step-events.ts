import type {MeshBinding} from "../../crds/generated.ts"
import type {StepEvent, StepState} from "../sandbox/events.ts"

const states: Readonly<Record<string, StepState>> = {
	Running: "progress",
	Done: "done",
	Failed: "failed",
	Undone: "done",
	Skipped: "skipped",
}

/** What changed in the steps of a migration since an earlier look; nothing is told twice. */
export function stepEvents(before: MeshBinding | undefined, after: MeshBinding | undefined): StepEvent[] {
	const now = after?.status?.migration
	const then = before?.status?.migration
	if (after === undefined || now === undefined) return []
	const known = new Map(then?.id === now.id ? then.steps?.map((step) => [step.id, step]) : [])
	return (now.steps ?? []).flatMap((step) => {
		const earlier = known.get(step.id)
		const state = states[step.state]
		if (state === undefined || (earlier?.state === step.state && earlier.message === step.message)) return []
		const note = step.state === "Undone" ? "undone" : step.message
		const elapsedMs = elapsed(step.startedAt, step.finishedAt)
		return {
			type: "step",
			id: `${after.metadata.namespace}/${now.id}/${step.id}`,
			title: `${after.metadata.namespace}: ${step.action}${step.object === undefined ? "" : ` ${step.object}`}`,
			state,
			...(note === undefined ? {} : {note}),
			...(elapsedMs === undefined ? {} : {elapsedMs}),
		} as const
	})
}

function elapsed(from: string | undefined, to: string | undefined): number | undefined {
	return from === undefined || to === undefined ? undefined : Math.max(0, Date.parse(to) - Date.parse(from))
}
