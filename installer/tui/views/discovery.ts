import type {Tone} from "../../report/style.ts"
import type {Check, Finding, State} from "../model/state.ts"
import {type Canvas, scrolled, spin, type View} from "./body.ts"
import {paint, sized, wrapped} from "./paint.ts"

const marks: Readonly<Record<Exclude<Check["state"], "running">, {sign: string; tone: Tone}>> = {
	ok: {sign: "✓", tone: "ok"},
	warn: {sign: "‼", tone: "warn"},
	bad: {sign: "✕", tone: "bad"},
	none: {sign: "○", tone: "dim"},
}

export const discoveryView: View = (state, canvas) => {
	const width = Math.min(22, Math.max(12, ...state.checks.map(({title}) => title.length)))
	const lines = [
		"",
		...state.checks.flatMap((check) => checkLines(check, width, canvas)),
		...outcome(state.checks, state.discovered, canvas),
	]
	const body = scrolled(lines, state.scrolls.discovery, canvas.room)
	const below = body.status === undefined ? [] : [body.status]
	return {...body, status: [...told(state), ...below].join(" · ")}
}

function checkLines(
	{title, state, note = "", fix, findings = []}: Check,
	width: number,
	canvas: Canvas,
): readonly string[] {
	const {sign, tone} =
		state === "running" ? ({sign: spin(canvas.frame), tone: "accent"} as const) : marks[state]
	const indent = width + 7
	const narrow = canvas.columns - indent < 24
	const head = paint(
		[
			"   ",
			{text: sign, tone},
			` ${sized(title, width)}  `,
			...(narrow ? [] : [firstLine(note, canvas, indent)]),
		],
		canvas,
	)
	const rest = narrow
		? wrapped({text: note, tone: "dim"}, canvas, {indent: 5, most: 3})
		: laterLines(note, canvas, indent)
	const found = findings.flatMap((one) => findingLines(one, canvas))
	const remedy =
		fix === undefined
			? []
			: wrapped({text: `fix: ${fix}`, tone: "accent"}, canvas, {indent: narrow ? 5 : indent, most: 3})
	return [head, ...(note === "" ? [] : rest), ...remedy, ...found]
}

const noteLines = (note: string, canvas: Canvas, indent: number) =>
	wrapped(note, {...canvas, style: (_tone, text) => text}, {indent, most: 4})

const firstLine = (note: string, canvas: Canvas, indent: number) =>
	(noteLines(note, canvas, indent)[0] ?? "").trimStart()

const laterLines = (note: string, canvas: Canvas, indent: number) => noteLines(note, canvas, indent).slice(1)

/** At the foot too, since on a small screen the end of the list is not in sight. */
const told = ({checks, discovered}: State): readonly string[] =>
	discovered ? [openWords(checks), "Enter shows the namespaces"] : []

const openOf = (checks: readonly Check[]) =>
	checks.filter(({state}) => state === "warn" || state === "bad").length

function openWords(checks: readonly Check[]): string {
	const open = openOf(checks)
	return open === 0 ? "All is well" : `${open} ${open === 1 ? "thing needs" : "things need"} a look`
}

function outcome(checks: readonly Check[], discovered: boolean, canvas: Canvas): readonly string[] {
	if (!discovered) return []
	const tone = openOf(checks) === 0 ? "ok" : "warn"
	return ["", paint(["   ", {text: `${openWords(checks)}.`, tone}], canvas)]
}

const severities: Readonly<Record<Finding["severity"], {sign: string; tone: Tone}>> = {
	error: {sign: "✕", tone: "bad"},
	warning: {sign: "‼", tone: "warn"},
	info: {sign: "·", tone: "dim"},
}

function findingLines({severity, text, fix}: Finding, canvas: Canvas): readonly string[] {
	const {sign, tone} = severities[severity]
	return [
		...wrapped({text: `${sign} ${text}`, ...(severity === "info" ? {tone} : {})}, canvas, {
			indent: 5,
			most: 3,
		}),
		...wrapped({text: `fix: ${fix}`, tone: "accent"}, canvas, {indent: 7, most: 2}),
	]
}
