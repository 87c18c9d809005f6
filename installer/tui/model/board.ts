import {stepEvents} from "../../flow/step-events.ts"
import type {Binding, Board, LogLine, TrafficSample} from "./state.ts"

export const emptyBoard: Board = {bindings: [], log: [], ready: {}, traffic: {}}

const keptLines = 500
const keptSamples = 60

const urgency: Readonly<Record<string, number>> = {Holding: 0, RollingBack: 1, Running: 2, Failed: 3}
const nameOf = ({metadata}: Binding) => metadata.namespace ?? ""
const stateOf = ({status}: Binding) => status?.migration?.state ?? ""

/** Takes up what the bindings tell now, and logs what changed since. */
export function withBindings(board: Board, bindings: readonly Binding[], now: number): Board {
	const before = new Map(board.bindings.map((one) => [nameOf(one), one]))
	const told = bindings.flatMap((binding) => news(before.get(nameOf(binding)), binding, now))
	const known = bindings.filter(({status}) => status?.migration !== undefined)
	const sorted = [...known].sort(
		(a, b) =>
			(urgency[stateOf(a)] ?? 9) - (urgency[stateOf(b)] ?? 9) ||
			ended(b).localeCompare(ended(a)) ||
			nameOf(a).localeCompare(nameOf(b)),
	)
	const log = [...board.log, ...told].slice(-keptLines)
	return {...board, bindings: sorted, log, traffic: withTraffic(board.traffic, known)}
}

/** What was measured anew; a migration begins with what it was measured against. */
function withTraffic(before: Board["traffic"], bindings: readonly Binding[]): Board["traffic"] {
	const next = {...before}
	for (const binding of bindings) {
		const {baseline, latest} = binding.status?.migration?.traffic ?? {}
		const known = next[nameOf(binding)]?.filter(({at}) => at >= (baseline?.measuredAt ?? "")) ?? []
		const found = [baseline, latest].flatMap((one) => sampleOf(one) ?? [])
		const fresh = found.filter(({at}) => !known.some((one) => one.at === at))
		if (fresh.length > 0) next[nameOf(binding)] = [...known, ...fresh].slice(-keptSamples)
	}
	return next
}

type Measured = NonNullable<NonNullable<NonNullable<Binding["status"]>["migration"]>["traffic"]>["latest"]

function sampleOf(measured: Measured): TrafficSample | undefined {
	const most = measured?.sides?.toSorted((a, b) => b.requests - a.requests)[0]
	if (measured === undefined || most === undefined) return undefined
	const {requests, failed, p99Millis} = most
	return {at: measured.measuredAt, requests, failed, ...(p99Millis === undefined ? {} : {p99Millis})}
}

const ended = ({status}: Binding) => status?.migration?.finishedAt ?? ""

/** Nothing is told of what had happened before anybody looked. */
function news(before: Binding | undefined, after: Binding, now: number): LogLine[] {
	if (before === undefined) return []
	const namespace = nameOf(after)
	const steps = stepEvents(before, after).map(({title, state, note}): LogLine => {
		const text = title.slice(namespace.length + 2)
		return {
			at: now,
			namespace,
			text: note === undefined ? `${text}: ${state}` : `${text}: ${note}`,
			tone: state === "failed" ? "bad" : state === "done" ? "ok" : "dim",
		}
	})
	const state = stateOf(after)
	return state === stateOf(before) || state === ""
		? steps
		: [...steps, {at: now, namespace, text: stateLine(after), tone: toneOf(state)}]
}

function stateLine({status}: Binding): string {
	const {state = "", message} = status?.migration ?? {}
	return message === undefined ? state : `${state}: ${message}`
}

const toneOf = (state: string) =>
	state === "Succeeded" ? "ok" : state === "Failed" || state === "Holding" ? "bad" : "dim"

/** One look at the pods of each namespace that moves: the share that is ready. */
export function withSamples(board: Board, samples: Readonly<Record<string, number>>): Board {
	const ready = {...board.ready}
	for (const [namespace, share] of Object.entries(samples))
		ready[namespace] = [...(ready[namespace] ?? []), share].slice(-keptSamples)
	return {...board, ready}
}

export type Standing = {
	readonly namespace: string
	readonly state: string
	/** Of the steps, those that are over. */
	readonly done: number
	readonly steps: number
	readonly wave?: number
	readonly waves: number
	readonly held: boolean
	/** The migration can still be taken back, or its goal be given up. */
	readonly running: boolean
}

const over: ReadonlySet<string> = new Set(["Done", "Skipped", "Undone"])

export function standingOf(binding: Binding): Standing {
	const migration = binding.status?.migration
	const steps = migration?.steps ?? []
	const running = steps.find(({state}) => state === "Running")
	const wave = running?.wave ?? migration?.wave
	return {
		namespace: nameOf(binding),
		state: migration?.state ?? "",
		done: steps.filter(({state}) => over.has(state)).length,
		steps: steps.length,
		...(wave === undefined ? {} : {wave}),
		waves: Math.max(0, ...steps.map((step) => step.wave ?? 0)),
		held: binding.spec?.hold === true,
		running: ["Running", "Holding", "RollingBack"].includes(migration?.state ?? ""),
	}
}
