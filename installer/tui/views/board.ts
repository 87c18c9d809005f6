import {plural} from "../../../profiles/names.ts"
import {duration} from "../../report/progress-line.ts"
import type {Tone} from "../../report/style.ts"
import {type Standing, standingOf} from "../model/board.ts"
import type {Binding, Board, LogLine, State} from "../model/state.ts"
import {type Canvas, spin, type View, windowOf} from "./body.ts"
import {filled, type Piece, paint, sized, wrapped} from "./paint.ts"
import {scaled, sparkline} from "./sparkline.ts"

export const boardView: View = (state, canvas) => {
	const {board, scrolls} = state
	if (board.bindings.length === 0) return nothing(state, canvas)
	const room = Math.max(1, Math.min(board.bindings.length, Math.floor(canvas.room / 3)))
	const {shown, top, cursor} = windowOf(board.bindings, scrolls.board, room)
	const width = Math.min(28, Math.max(...board.bindings.map(({metadata}) => metadata.namespace?.length ?? 0)))
	const rows = shown.map((binding, index) =>
		paint(
			bindingPieces({binding, board, width, here: top + index === cursor, now: state.now}, canvas),
			canvas,
		),
	)
	const current = board.bindings[cursor]
	const message = current === undefined ? [""] : messageLines(current, canvas)
	const rest = Math.max(0, canvas.room - room - message.length)
	const logRoom =
		board.log.length === 0 ? 0 : Math.min(board.log.length + 1, Math.max(3, Math.floor(rest / 3)))
	const gates = current === undefined ? [] : gateLines(board, standingOf(current).namespace, canvas)
	const stepRoom = Math.max(0, rest - logRoom - gates.length)
	const steps = current === undefined ? [] : stepLines(current, canvas, stepRoom)
	return {
		lines: [
			...filled(rows, room),
			...message,
			...gates,
			...filled(steps, stepRoom),
			...logLines(board.log, canvas, logRoom),
		],
		extent: {length: board.bindings.length, room},
		status: boardStatus(board.bindings.map(standingOf)),
	}
}

function nothing({cluster}: State, canvas: Canvas) {
	const lines = [
		"",
		paint(
			[{text: `   No migration is known in ${cluster?.context ?? "this cluster"}.`, tone: "dim"}],
			canvas,
		),
		paint([{text: "   Select namespaces (1, Space), plan (p) and move (m).", tone: "dim"}], canvas),
	]
	return {lines, extent: {length: 0, room: canvas.room}}
}

function boardStatus(all: readonly Standing[]): string {
	const running = all.filter((one) => one.running).length
	return `${running} under way · ${plural(all.length, "migration")} known`
}

const marks: Readonly<Record<string, {sign: string; word: string; tone: Tone}>> = {
	Running: {sign: "", word: "running", tone: "accent"},
	Holding: {sign: "‖", word: "holding", tone: "warn"},
	RollingBack: {sign: "↺", word: "rolling back", tone: "warn"},
	Succeeded: {sign: "✓", word: "done", tone: "ok"},
	RolledBack: {sign: "↺", word: "rolled back", tone: "warn"},
	Failed: {sign: "✕", word: "failed", tone: "bad"},
}

type Line = {
	readonly binding: Binding
	readonly board: Board
	readonly width: number
	readonly here: boolean
	readonly now: number
}

function bindingPieces({binding, board, width, here, now}: Line, canvas: Canvas): readonly Piece[] {
	const standing = standingOf(binding)
	const {sign, word, tone} = marks[standing.state] ?? {sign: "·", word: standing.state, tone: "dim"}
	const migration = binding.status?.migration
	const held = standing.held ? "held" : word
	const until = migration?.finishedAt === undefined ? now : Date.parse(migration.finishedAt)
	const elapsed =
		migration?.startedAt === undefined ? "" : duration(Math.max(0, until - Date.parse(migration.startedAt)))
	const samples = board.ready[standing.namespace] ?? []
	return [
		here ? {text: " ▸ ", tone: "accent"} : "   ",
		{text: `${sign === "" ? spin(canvas.frame) : sign} `, tone},
		{text: sized(standing.namespace, width), tone: "strong"},
		...(canvas.columns >= 60 ? [`  ${migration?.from ?? "?"} → ${migration?.to ?? "?"}`] : []),
		"  ",
		{text: held, tone},
		...(standing.running && standing.wave !== undefined
			? [` wave ${standing.wave} of ${standing.waves}`]
			: []),
		{text: ` ${standing.done}/${standing.steps} steps ${elapsed}`, tone: "dim"},
		...(samples.length > 1 && canvas.columns >= 90
			? [
					{
						text: `  ready pods ${sparkline(samples.slice(-16))} ${Math.round((samples.at(-1) ?? 0) * 100)} %`,
						tone: "dim",
					} as const,
				]
			: []),
	]
}

/** What the gates on metrics saw, judgement by judgement; a profile without such gates has none. */
function gateLines({traffic}: Board, namespace: string, canvas: Canvas): readonly string[] {
	const samples = traffic[namespace] ?? []
	const last = samples.at(-1)
	if (last === undefined) return []
	const failed = samples.map((one) => (one.requests === 0 ? 0 : one.failed / one.requests))
	const times = samples.flatMap(({p99Millis}) => p99Millis ?? [])
	const [before = 0] = times
	return [
		paint(
			[
				{text: "     gates    ", tone: "dim"},
				{text: scaled(failed.slice(-16), 0.01), tone: last.failed === 0 ? "ok" : "bad"},
				`  ${last.failed} of ${plural(last.requests, "request")} failed`,
				...(times.length === 0
					? []
					: [
							"   ",
							{text: scaled(times.slice(-16), 2 * before), tone: "accent"} as const,
							`  p99 ${millis(before)} → ${millis(times.at(-1) ?? before)} ms`,
						]),
			],
			canvas,
		),
	]
}

const millis = (value: number): string => String(Math.round(value * 10) / 10)

/** Whole where there is room: what is waited for, and why. */
function messageLines({status}: Binding, canvas: Canvas): readonly string[] {
	const ready = status?.conditions?.find(({type}) => type === "Ready")
	const text = status?.migration?.message ?? ready?.message ?? ""
	return wrapped({text, tone: "dim"}, canvas, {indent: 5, most: canvas.room >= 14 ? 2 : 1})
}

const stepSigns: Readonly<Record<string, {sign: string; tone: Tone}>> = {
	Pending: {sign: "·", tone: "dim"},
	Running: {sign: "", tone: "accent"},
	Done: {sign: "✓", tone: "ok"},
	Failed: {sign: "✕", tone: "bad"},
	Undone: {sign: "↺", tone: "warn"},
	Skipped: {sign: "-", tone: "dim"},
}

/** The steps around the one that is under way: what is long over or far ahead goes first when room is short. */
function stepLines({status, metadata}: Binding, canvas: Canvas, room: number): readonly string[] {
	const steps = status?.migration?.steps ?? []
	const at = steps.findIndex(({state}) => state === "Running" || state === "Pending")
	const focus = at < 0 ? steps.length - 1 : at
	const from = Math.max(0, Math.min(focus - Math.floor(room / 2), steps.length - room))
	return steps.slice(from, from + room).map((step) => {
		const {sign, tone} = stepSigns[step.state] ?? {sign: "·", tone: "dim"}
		const object = (step.object ?? "").replace(`/${metadata.namespace ?? ""}/`, "/")
		const took =
			step.startedAt === undefined || step.finishedAt === undefined
				? ""
				: duration(Math.max(0, Date.parse(step.finishedAt) - Date.parse(step.startedAt)))
		const note = step.message ?? took
		return paint(
			[
				"     ",
				{text: sign === "" ? spin(canvas.frame) : sign, tone},
				{text: step.wave === undefined ? "         " : ` wave ${sized(String(step.wave), 3)}`, tone: "dim"},
				` ${sized(step.action, 8)} ${sized(object, canvas.columns >= 80 ? 30 : 20)}  `,
				{text: note, tone: "dim"},
			],
			canvas,
		)
	})
}

function logLines(log: readonly LogLine[], canvas: Canvas, room: number): readonly string[] {
	if (room === 0) return []
	const lines = log
		.slice(-(room - 1))
		.map(({at, namespace, text, tone}) =>
			paint([{text: `   ${clock(at)}  `, tone: "dim"}, `${namespace}  `, {text, tone}], canvas),
		)
	return [canvas.style("dim", `   ${"─".repeat(Math.max(0, canvas.columns - 6))}`), ...lines]
}

const clock = (at: number) => new Date(at).toTimeString().slice(0, 8)
