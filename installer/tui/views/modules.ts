import {lookKey} from "../model/act-module.ts"
import type {Look, Module, State} from "../model/state.ts"
import {type View, windowOf} from "./body.ts"
import {type Column, layColumns, rowPieces, titlePieces} from "./columns.ts"
import {filled, type Piece, paint, wrapped} from "./paint.ts"

type Shown = {readonly module: Module; readonly look: Look | undefined}

const advice = [
	"A module goes into spec.extensions of a MeshProfile, with its address and its SHA-256.",
	"i looks at one before that: what it is, what it asks of a proxy, and which hosts run it.",
]

export const modulesView: View = (state, canvas) => {
	const {modules, looks} = state
	if (modules.length === 0) {
		const lines = [
			"",
			paint([{text: "   No profile names a Wasm module.", tone: "strong"}], canvas),
			...advice.flatMap((text) => wrapped({text, tone: "dim"}, canvas, {indent: 3, most: 3})),
		]
		return {lines, extent: {length: 0, room: canvas.room}}
	}
	const peek = canvas.room >= 9 ? 4 : 0
	const room = Math.max(1, canvas.room - 1 - peek)
	const {shown, top, cursor} = windowOf(modules, state.scrolls.modules, room)
	const laid = layColumns(columns, canvas.columns - 4)
	const rows = shown.map((module, index) =>
		paint(
			[
				top + index === cursor ? {text: " ▸ ", tone: "accent"} : "   ",
				...rowPieces(laid, {module, look: looks[lookKey(module)]}),
			],
			canvas,
		),
	)
	const current = modules[cursor]
	const below =
		current === undefined
			? []
			: [
					canvas.style("dim", `   ${"─".repeat(Math.max(0, canvas.columns - 6))}`),
					...wrapped(`${current.url}  sha256 ${current.sha256}`, canvas, {indent: 3, most: 2}),
					...wrapped(lastWord(current, looks), canvas, {indent: 3, most: 1}),
				]
	return {
		lines: [paint(["   ", ...titlePieces(laid)], canvas), ...filled(rows, room), ...filled(below, peek)],
		extent: {length: modules.length, room},
		status: statusOf(state),
	}
}

/** Where it goes; why nobody can tell whether it would run there. */
function lastWord(module: Module, looks: State["looks"]): Piece {
	const look = looks[lookKey(module)]
	return look?.state === "failed"
		? {text: `✕ ${look.problem.message}`, tone: "bad"}
		: {text: `goes to ${module.hosts.join(", ")}`, tone: "dim"}
}

function statusOf({modules, looks}: State): string {
	const open = modules.filter((module) => looks[lookKey(module)] === undefined).length
	const count = `${modules.length} ${modules.length === 1 ? "module" : "modules"}`
	return open === 0 ? count : `${count} · ${open} not looked at yet: Enter does`
}

function verdictOf({look}: Shown) {
	if (look === undefined) return {text: "not looked at", tone: "dim"} as const
	if (look.state === "running") return {text: "being read", tone: "accent"} as const
	if (look.state === "failed") return {text: "not to be had", tone: "bad"} as const
	return look.seen.verdict === "Accepted"
		? ({text: "✓ accepted", tone: "ok"} as const)
		: ({text: "✕ refused", tone: "bad"} as const)
}

const columns: readonly Column<Shown>[] = [
	{title: "MODULE", least: 12, most: 28, drop: 0, cell: ({module}) => ({text: module.name, tone: "strong"})},
	{title: "VERDICT", least: 13, most: 13, drop: 0, cell: verdictOf},
	{title: "PROFILE", least: 12, most: 28, drop: 1, cell: ({module}) => ({text: module.profile})},
	{title: "PHASE", least: 11, most: 11, drop: 2, cell: ({module}) => ({text: module.phase})},
	{title: "ON FAILURE", least: 10, most: 10, drop: 3, cell: ({module}) => ({text: module.failurePolicy})},
	{title: "ADDRESS", least: 20, most: 80, drop: 4, cell: ({module}) => ({text: module.url, tone: "dim"})},
]
