import type {Module} from "../model/state.ts"
import {type View, windowOf} from "./body.ts"
import {type Column, layColumns, rowPieces, titlePieces} from "./columns.ts"
import {filled, paint, wrapped} from "./paint.ts"

export const modulesView: View = (state, canvas) => {
	const {modules} = state
	if (modules.length === 0) {
		const lines = [
			"",
			paint([{text: "   No profile names a Wasm module.", tone: "dim"}], canvas),
			...wrapped(
				{
					text: "A module goes into spec.extensions of a MeshProfile, with its address and its SHA-256.",
					tone: "dim",
				},
				canvas,
				{indent: 3, most: 2},
			),
		]
		return {lines, extent: {length: 0, room: canvas.room}}
	}
	const peek = canvas.room >= 9 ? 3 : 0
	const room = Math.max(1, canvas.room - 1 - peek)
	const {shown, top, cursor} = windowOf(modules, state.scrolls.modules, room)
	const laid = layColumns(columns, canvas.columns - 4)
	const rows = shown.map((one, index) =>
		paint([top + index === cursor ? {text: " ▸ ", tone: "accent"} : "   ", ...rowPieces(laid, one)], canvas),
	)
	const current = modules[cursor]
	const below =
		current === undefined
			? []
			: ["", ...wrapped(`${current.url}  sha256 ${current.sha256}`, canvas, {indent: 3, most: 2})]
	return {
		lines: [paint(["   ", ...titlePieces(laid)], canvas), ...filled(rows, room), ...filled(below, peek)],
		extent: {length: modules.length, room},
		status: `${modules.length} ${modules.length === 1 ? "module" : "modules"}`,
	}
}

const columns: readonly Column<Module>[] = [
	{title: "MODULE", least: 12, most: 28, drop: 0, cell: ({name}) => ({text: name, tone: "strong"})},
	{title: "PROFILE", least: 12, most: 28, drop: 1, cell: ({profile}) => ({text: profile})},
	{title: "PHASE", least: 11, most: 11, drop: 2, cell: ({phase}) => ({text: phase})},
	{title: "ON FAILURE", least: 10, most: 10, drop: 3, cell: ({failurePolicy}) => ({text: failurePolicy})},
	{title: "ADDRESS", least: 20, most: 80, drop: 4, cell: ({url}) => ({text: url, tone: "dim"})},
]
