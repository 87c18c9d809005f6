import {
	finalResourceStates,
	type PlannedChange,
	type ResourceEvent,
	type ResourceNode,
} from "../../engine/events.ts"
import type {Cell} from "../../report/layout.ts"
import {stepLine} from "../../report/progress-line.ts"
import type {Tone} from "../../report/style.ts"
import {type Branch, type Flow, treeOf} from "../model/flow.ts"
import type {Job} from "../model/state.ts"
import {type Canvas, scrolled, spin, type View} from "./body.ts"
import {type Piece, paint, wrapped} from "./paint.ts"

export const installView: View = (state, canvas) => {
	const {job} = state
	if (job === undefined) return {lines: [], extent: {length: 0, room: canvas.room}}
	const above = [
		heading(job, canvas),
		"",
		...stepLines(job.flow, state.now, canvas),
		...diagnosticLines(job.flow, canvas),
		...countLines(job.flow, canvas),
	]
	const tree = treeOf(changing(job.flow))
	const lines = [...above, ...treeLines(tree, job.flow, canvas), ...ending(job, canvas)]
	const {top} = state.scrolls.install
	return scrolled(
		lines,
		{top: top === 0 ? followed(job, {above, tree, lines}, canvas.room) : top, cursor: 0},
		canvas.room,
	)
}

type Parts = {
	readonly above: readonly string[]
	readonly tree: readonly Branch<PlannedChange>[]
	readonly lines: readonly string[]
}

/** Until somebody scrolls: a preview from its first line, then what works, and in the end how it ended. */
function followed({state, flow}: Job, {above, tree, lines}: Parts, room: number): number {
	const most = Math.max(0, lines.length - room)
	if (state === "asking") return Math.min(most, Math.max(0, above.length - 3))
	const states = statesOf(flow)
	const at = tree.findIndex(({node}) => {
		const {state = "pending", kind = ""} = states.get(node.id) ?? {}
		return !kind.startsWith("heddle:") && !finalResourceStates.has(state)
	})
	return state !== "running" || at < 0
		? most
		: Math.max(0, Math.min(most, above.length + at - Math.floor(room / 2)))
}

const words: Readonly<Record<Job["state"], Cell>> = {
	running: {text: "under way", tone: "accent"},
	asking: {text: "waits for your yes", tone: "warn"},
	stopping: {text: "stops after the current step", tone: "warn"},
	done: {text: "✓ done", tone: "ok"},
	failed: {text: "✕ not finished", tone: "bad"},
}

const heading = ({title, state}: Job, canvas: Canvas) =>
	paint([{text: `   ${title}  `, tone: "strong"}, words[state]], canvas)

function stepLines({steps}: Flow, now: number, canvas: Canvas): readonly string[] {
	const page = {columns: canvas.columns - 4, style: canvas.style}
	return steps.map(({since, ...event}) => {
		const works = event.state === "started" || event.state === "progress"
		const elapsedMs = works ? Math.max(event.elapsedMs ?? 0, now - since) : (event.elapsedMs ?? 0)
		return `   ${works ? stepLine({...event, state: "progress", elapsedMs}, page, spin(canvas.frame)) : stepLine({...event, elapsedMs}, page)}`
	})
}

const severities: Readonly<Record<string, Cell>> = {
	block: {text: "✕", tone: "bad"},
	warning: {text: "‼", tone: "warn"},
	info: {text: "·", tone: "dim"},
}

function diagnosticLines({diagnostics}: Flow, canvas: Canvas): readonly string[] {
	return diagnostics.flatMap(({severity, code, message, fix}) => {
		const {text, tone = "dim"} = severities[severity] ?? {text: "·"}
		return [
			...wrapped({text: `${text} ${code}: ${message}`, tone}, canvas, {indent: 3, most: 3}),
			...(fix === undefined
				? []
				: wrapped({text: `fix: ${fix}`, tone: "accent"}, canvas, {indent: 5, most: 2})),
		]
	})
}

const actionSigns: Readonly<Record<PlannedChange["action"], Cell>> = {
	create: {text: "+", tone: "ok"},
	update: {text: "~", tone: "accent"},
	replace: {text: "±", tone: "warn"},
	delete: {text: "-", tone: "bad"},
	same: {text: " "},
	adopt: {text: "»", tone: "accent"},
	read: {text: "·", tone: "dim"},
}

const stateSigns: Readonly<Record<ResourceEvent["state"], {sign: string; tone: Tone}>> = {
	pending: {sign: "·", tone: "dim"},
	working: {sign: "", tone: "accent"},
	waiting: {sign: "", tone: "accent"},
	ready: {sign: "✓", tone: "ok"},
	gone: {sign: "✓", tone: "ok"},
	skipped: {sign: "=", tone: "dim"},
	failed: {sign: "✕", tone: "bad"},
}

const actionWords = {
	create: "to create",
	update: "to update",
	replace: "to replace",
	adopt: "to take over",
	delete: "to delete",
} as const

/** How much of each there is to do: what a person decides by when the tree is longer than the screen. */
function countLines(flow: Flow, canvas: Canvas): readonly string[] {
	if (flow.plan === undefined) return []
	const objects = flow.plan.changes.filter(isObject)
	const same = objects.filter(({action}) => action === "same").length
	const counts = (Object.keys(actionWords) as (keyof typeof actionWords)[]).flatMap((action): Piece[] => {
		const count = objects.filter((one) => one.action === action).length
		const {text, ...tone} = actionSigns[action]
		return count === 0 ? [] : [{...tone, text: `  ${text} ${count} ${actionWords[action]}`}]
	})
	const over = settledOf(objects, flow)
	return [
		"",
		paint(
			[
				" ",
				...(counts.length === 0 ? ["  nothing to change"] : counts),
				...(same === 0 ? [] : [{text: `  ${same} as they are`, tone: "dim"} as const]),
				...(over === 0 ? [] : [{text: `  ${over} of ${objects.length - same} done`, tone: "dim"} as const]),
			],
			canvas,
		),
		"",
	]
}

function settledOf(objects: readonly PlannedChange[], flow: Flow): number {
	const states = statesOf(flow)
	const isOver = ({id}: PlannedChange) => finalResourceStates.has(states.get(id)?.state ?? "pending")
	return objects.filter((one) => one.action !== "same" && isOver(one)).length
}

/** A component is no object of the cluster: it holds those that are. */
const isObject = ({kind}: ResourceNode): boolean => !kind.startsWith("heddle:")

const changing = ({plan, resources}: Flow): readonly PlannedChange[] =>
	(plan?.changes ?? resources).filter(({action}) => action !== "same" && action !== "read")

const statesOf = ({resources}: Flow) => new Map(resources.map((one) => [one.id, one]))

/** What the plan says, and over it how far each object has come. */
function treeLines(tree: readonly Branch<PlannedChange>[], flow: Flow, canvas: Canvas): readonly string[] {
	const states = statesOf(flow)
	return tree.map(({node, depth}) => {
		const at = states.get(node.id)
		const {sign, tone} = stateSigns[at?.state ?? "pending"]
		const name = node.namespace === undefined ? node.name : `${node.namespace}/${node.name}`
		return paint(
			[
				"   ",
				"  ".repeat(depth),
				{text: sign === "" ? spin(canvas.frame) : sign, tone},
				" ",
				actionSigns[node.action],
				` ${kindName(node.kind)} `,
				{text: name, tone: "strong"},
				{text: noteOf(node, at), tone: "dim"},
			],
			canvas,
		)
	})
}

/** How far it has come; before that, what of it would change and whose it is. */
function noteOf({owner, fields = []}: PlannedChange, at: ResourceEvent | undefined): string {
	if (at?.note !== undefined) return `  ${at.note}`
	if (at !== undefined) return ""
	return [
		...(owner === undefined ? [] : [`of ${owner}`]),
		...(fields.length === 0 ? [] : [fields.join(", ")]),
	]
		.map((part) => `  ${part}`)
		.join("")
}

const kindName = (kind: string) => kind.split(":").at(-1)?.split(".")[0] ?? kind

function ending({state, problem, flow}: Job, canvas: Canvas): readonly string[] {
	const {summary, said} = flow
	if (problem !== undefined)
		return [
			"",
			...wrapped({text: `✕ ${problem.message}`, tone: "bad"}, canvas, {indent: 3, most: 4}),
			...(problem.fix === undefined
				? []
				: wrapped({text: `fix: ${problem.fix}`, tone: "accent"}, canvas, {indent: 5, most: 3})),
		]
	if (summary?.message !== undefined) return ["", ...wrapped(summary.message, canvas, {indent: 3, most: 3})]
	return said === undefined || state !== "running"
		? []
		: ["", paint([{text: `   ${said}`, tone: "dim"}], canvas)]
}
