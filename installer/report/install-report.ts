import {FlowCounter} from "../engine/counting.ts"
import type {
	EngineName,
	Flow,
	FlowCounts,
	FlowDiagnostic,
	FlowPlan,
	InstallEvent,
	PlannedChange,
	ResourceEvent,
} from "../engine/events.ts"
import type {StepState} from "../sandbox/events.ts"
import type {Session} from "../session.ts"
import {diagnosticsText, installPlanText} from "./install-text.ts"
import {progressOn} from "./progress.ts"

/** What a flow has told, put together: what `--output json` prints. */
export type InstallDocument = {
	readonly apiVersion: "heddle.dev/v1alpha1"
	readonly kind: "InstallReport"
	readonly flow: Flow
	readonly engine: EngineName
	readonly release: string
	readonly target: string
	readonly dryRun: boolean
	readonly result: string
	readonly counts: FlowCounts
	readonly changes: readonly PlannedChange[]
	readonly diagnostics: readonly FlowDiagnostic[]
}

export type Head = Pick<InstallDocument, "flow" | "engine" | "release" | "target" | "dryRun">

const states: Readonly<Record<ResourceEvent["state"], StepState>> = {
	pending: "started",
	working: "started",
	waiting: "progress",
	ready: "done",
	gone: "done",
	skipped: "skipped",
	failed: "failed",
}

/** Hears a flow: shows it as lines on standard error, and keeps what the document needs. */
export function installReport(session: Session, head: Head) {
	const progress = progressOn(session)
	const text = session.output === "text"
	const diagnostics: FlowDiagnostic[] = []
	let plan: FlowPlan = {type: "plan", changes: []}
	const counter = new FlowCounter()
	const hear: {readonly [T in InstallEvent["type"]]?: (event: Extract<InstallEvent, {type: T}>) => void} = {
		step: progress,
		diagnostic: (event) => void diagnostics.push(event),
		log: ({level, text: line}) => level !== "debug" && session.say(line),
		plan: (event) => {
			plan = event
			if (text && event.changes.length > 0) session.print(`${installPlanText(event, session.page)}\n`)
		},
		resource: (event) => {
			// What was there already is in the plan; a line for each of a hundred would hide what happens.
			if (event.state !== "skipped") progress(stepOf(event))
		},
	}
	return {
		onEvent: (event: InstallEvent): void => {
			counter.hear(event)
			hear[event.type]?.(event as never)
		},
		document(result: string): InstallDocument {
			return {
				apiVersion: "heddle.dev/v1alpha1",
				kind: "InstallReport",
				...head,
				result,
				counts: counter.counts(),
				changes: plan.changes,
				diagnostics,
			}
		},
		diagnosticsText: () => diagnosticsText(diagnostics, session.talk),
	}
}

function stepOf({id, action, state, note, elapsedMs}: ResourceEvent) {
	return {
		type: "step",
		id,
		title: `${action} ${id}`,
		state: states[state],
		...(note === undefined ? {} : {note}),
		...(elapsedMs === undefined ? {} : {elapsedMs}),
	} as const
}
