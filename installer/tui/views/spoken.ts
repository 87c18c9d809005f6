import {plain} from "../../report/style.ts"
import {markOf} from "../../report/verdict.ts"
import {commandOf} from "../model/commands.ts"
import {underCursor} from "../model/scroll.ts"
import type {State} from "../model/state.ts"
import type {Row} from "../model/table.ts"
import {bodyOf} from "./frame.ts"
import {savesText} from "./saves.ts"

/** For a screen reader: no columns, no boxes, no spinner, and only what the cursor is on. */
export function spokenLines(state: State): readonly string[] {
	const command = commandOf(state)
	return [
		placeLine(state),
		...(state.prompt === undefined
			? []
			: [
					state.prompt.kind === "confirm"
						? `${state.prompt.label} y or n`
						: `${state.prompt.label}: ${state.prompt.value}`,
				]),
		...(state.notice === undefined
			? []
			: [[state.notice.text, state.notice.fix].filter(Boolean).join(" Fix: ")]),
		...(state.link.state === "lost"
			? [`The cluster cannot be reached, trying again. ${state.link.why}`]
			: []),
		...content(state),
		...(command === undefined ? [] : [`The same as a command: ${command}`]),
		"Question mark reads the keys.",
	]
}

const names: Readonly<Record<State["screen"], string>> = {
	welcome: "Choose a cluster",
	discovery: "Looking around",
	namespaces: "Namespaces",
	detail: "One namespace",
	plan: "Plan",
	diff: "Changes of the plan",
	board: "Migrations",
	dataplanes: "Dataplanes",
	install: "Progress",
	modules: "Wasm modules",
	module: "One Wasm module",
	summary: "Summary",
}

function placeLine({screen, cluster, help}: State): string {
	const where = cluster === undefined ? "" : `, cluster ${cluster.context}`
	return `heddle, ${help ? "keys" : names[screen]}${where}`
}

/** The table is told row by row; everything else is text already, told without its marks of layout. */
function content(state: State): readonly string[] {
	if (state.screen === "namespaces" && !state.help) {
		const row = underCursor(state.table.view, state.scrolls.namespaces)
		const at = `${state.scrolls.namespaces.cursor + 1} of ${state.table.view.length}`
		return row === undefined
			? ["No namespace is shown."]
			: [`${at}. ${rowSentence(row, state.table.selected.has(row.namespace))}`]
	}
	const {lines} = bodyOf(state, {columns: 100, room: 53, style: plain, frame: 0})
	return lines
		.map((line) => line.replace(/[─▸■│┃━┿╂\u2800-\u28ff]+/g, " ").trim())
		.filter((line) => line !== "")
}

function rowSentence(row: Row, selected: boolean): string {
	const {namespace, pods, now, to, why, saves} = row
	const {word} = markOf(row)
	const way = to === "" ? "nothing fits" : to === now ? "stays" : `fits best on ${to}`
	const saved = savesText(saves)
	return [
		`${namespace}${selected ? ", selected" : ""}`,
		`${pods} pods on ${now}`,
		row.profile === undefined ? `${way}, no profile decides` : `${way}, ${word}`,
		why,
		...(saved === "–" ? [] : [`saves ${saved}`]),
	].join(". ")
}
