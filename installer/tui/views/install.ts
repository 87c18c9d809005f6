import type {PlannedChange, ResourceEvent} from "../../engine/events.ts"
import type {Cell} from "../../report/layout.ts"
import {stepLine} from "../../report/progress-line.ts"
import type {Tone} from "../../report/style.ts"
import {type Flow, treeOf} from "../model/flow.ts"
import type {Job} from "../model/state.ts"
import {type Canvas, scrolled, spin, type View} from "./body.ts"
import {paint, wrapped} from "./paint.ts"

export const installView: View = (state, canvas) => {
	const {job} = state
	if (job === undefined) return {lines: [], extent: {length: 0, room: canvas.room}}
	const lines = [
		heading(job, canvas),
		"",
		...stepLines(job.flow, state.now, canvas),
		...diagnosticLines(job.flow, canvas),
		...treeLines(job.flow, canvas),
		...ending(job, canvas),
	]
	// What is newest stays in sight until somebody scrolls.
	const {top} = state.scrolls.install
	const most = Math.max(0, lines.length - canvas.room)
	return scrolled(lines, {top: top === 0 ? most : top, cursor: 0}, canvas.room)
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
	skipped: {sign: "-", tone: "dim"},
	failed: {sign: "✕", tone: "bad"},
}

/** What the plan says, and over it how far each object has come. */
function treeLines({plan, resources}: Flow, canvas: Canvas): readonly string[] {
	const states = new Map(resources.map((one) => [one.id, one]))
	const nodes = (plan?.changes ?? resources).filter(({action}) => action !== "same" && action !== "read")
	return treeOf(nodes).map(({node, depth}) => {
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
				{text: at?.note === undefined ? "" : `  ${at.note}`, tone: "dim"},
			],
			canvas,
		)
	})
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
