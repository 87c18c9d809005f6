import type {Cell} from "../../report/layout.ts"
import {markOf} from "../../report/verdict.ts"
import {widthOf} from "../../report/width.ts"
import type {Row, Table} from "../model/table.ts"
import {type Canvas, spin, type View, windowOf} from "./body.ts"
import {type Column, layColumns, rowPieces, titlePieces} from "./columns.ts"
import {filled, paint, wrapped} from "./paint.ts"
import {savesText} from "./saves.ts"

/** Cursor, selection and mark before the name. */
const marksWidth = 6
const peekLines = 4
/** Below this many lines the peek would leave too few rows. */
const roomForPeek = 14

export const namespacesView: View = (state, canvas) => {
	const {table, scrolls} = state
	const peek = canvas.room >= roomForPeek ? peekLines : 0
	const room = Math.max(1, canvas.room - 1 - peek)
	const {shown, top, cursor} = windowOf(table.view, scrolls.namespaces, room)
	const laid = layColumns(columnsOf(table), canvas.columns - marksWidth - 1)
	const titles = paint([" ".repeat(marksWidth), ...titlePieces(laid)], canvas)
	const rows = shown.map((row, index) => {
		const here = top + index === cursor
		return paint([...marksOf(row, table, here, canvas), ...rowPieces(laid, row)], canvas)
	})
	const body = rows.length > 0 ? rows : emptyLines(state.discovered, table, canvas)
	const current = table.view[cursor]
	return {
		lines: [
			titles,
			...filled(body, room),
			...(peek === 0 ? [] : filled(current === undefined ? [] : peekOf(current, canvas), peek)),
		],
		extent: {length: table.view.length, room},
		status: statusOf(table, cursor),
	}
}

function marksOf(row: Row, table: Table, here: boolean, canvas: Canvas): readonly Cell[] {
	const {sign, tone} = signOf(row, canvas.frame)
	return [
		here ? {text: " ▸", tone: "accent"} : {text: "  "},
		table.selected.has(row.namespace) ? {text: "■ ", tone: "accent"} : {text: "  "},
		tone === undefined ? {text: `${sign} `} : {text: `${sign} `, tone},
	]
}

/** `○`: no profile decides, and what is shown is a recommendation. */
function signOf(row: Row, frame: number): {sign: string; tone?: Cell["tone"]} {
	if (row.moving !== undefined) return {sign: spin(frame), tone: "accent"}
	if (row.system !== undefined) return {sign: "·", tone: "dim"}
	if (row.profile === undefined && row.verdict !== "Blocked") return {sign: "○", tone: "dim"}
	return markOf({verdict: row.verdict, profile: row.profile ?? ""})
}

const moves = ({now, to}: Row) => to !== "" && to !== now

const known = new WeakMap<readonly Row[], readonly Column<Row>[]>()

/** Looks at every row for the widths, once for as long as the rows are the same: a key changes none of them. */
function columnsOf({view}: Table): readonly Column<Row>[] {
	const columns = known.get(view) ?? columnsFor(view)
	known.set(view, columns)
	return columns
}

function columnsFor(view: readonly Row[]): readonly Column<Row>[] {
	const widest = (text: (row: Row) => string, least: number) =>
		view.reduce((most, row) => Math.max(most, widthOf(text(row))), least)
	const target = (row: Row) => (moves(row) ? `→ ${row.to}` : row.to === "" ? "–" : "stays")
	return [
		{
			title: "NAMESPACE",
			least: Math.min(
				16,
				widest(({namespace}) => namespace, 9),
			),
			most: Math.min(
				40,
				widest(({namespace}) => namespace, 9),
			),
			drop: 0,
			cell: ({namespace, system}) => ({text: namespace, tone: system === undefined ? "strong" : "dim"}),
		},
		{title: "PODS", least: 5, most: 5, align: "right", drop: 1, cell: ({pods}) => ({text: String(pods)})},
		{
			title: "NOW",
			least: Math.min(
				20,
				widest(({now}) => now, 8),
			),
			most: Math.min(
				28,
				widest(({now}) => now, 8),
			),
			drop: 0.5,
			cell: ({now}) => (now === "none" ? {text: now, tone: "dim"} : {text: now}),
		},
		{
			title: "FITS BEST",
			least: Math.min(22, widest(target, 9)),
			most: Math.min(30, widest(target, 9)),
			drop: 0,
			cell: (row) => ({text: target(row), tone: moves(row) ? "accent" : "dim"}),
		},
		{
			title: "WHY",
			least: 18,
			most: 60,
			drop: 3,
			cell: ({why, system}) => ({text: why, ...(system === undefined ? {} : {tone: "dim"})}),
		},
		{
			title: "SAVES",
			least: widest(({saves}) => savesText(saves), 5),
			most: 20,
			align: "right",
			drop: 2,
			cell: ({saves}) => ({
				text: savesText(saves),
				tone: saves.cpuMillis + saves.memoryMiB > 0 ? "ok" : "dim",
			}),
		},
	]
}

/** The row under the cursor in full: what the columns had to cut. */
function peekOf(row: Row, canvas: Canvas): readonly string[] {
	const way = moves(row) ? `${row.now} → ${row.to}` : row.now
	const decided =
		row.profile === undefined
			? "no profile decides; this is what Auto would choose"
			: `by the profile ${row.profile}`
	const head = paint(
		[
			{text: `   ${row.namespace}`, tone: "strong"},
			`  ${way}`,
			...(row.system === undefined ? [{text: `  ${decided}`, tone: "dim"} as const] : []),
		],
		canvas,
	)
	const told = row.first?.message ?? row.why
	return [
		canvas.style("dim", `   ${"─".repeat(Math.max(0, canvas.columns - 6))}`),
		head,
		...wrapped(told, canvas, {indent: 3, most: row.first?.fix === undefined ? 2 : 1}),
		...(row.first?.fix === undefined
			? []
			: wrapped({text: `fix: ${row.first.fix}`, tone: "accent"}, canvas, {indent: 3, most: 1})),
	]
}

function emptyLines(discovered: boolean, {filter, rows, pending}: Table, canvas: Canvas): readonly string[] {
	const text =
		!discovered || pending > 0
			? `${spin(canvas.frame)} looking at the namespaces`
			: filter !== ""
				? `Nothing passes the filter ${filter}. Esc takes it away.`
				: rows.size === 0
					? "There is no namespace."
					: "Only namespaces of Kubernetes and of control planes are here. S shows them."
	return ["", paint([{text: `   ${text}`, tone: "dim"}], canvas)]
}

function statusOf({view, rows, filter, selected, sort, reversed, pending}: Table, cursor: number): string {
	const at = view.length === 0 ? 0 : cursor + 1
	const count =
		view.length === rows.size ? `${at} of ${rows.size}` : `${at} of ${view.length} (${rows.size} in all)`
	return [
		count,
		...(pending > 0 ? [`${pending} to look at`] : []),
		...(selected.size === 0 ? [] : [`${selected.size} selected`]),
		...(filter === "" ? [] : [`filter: ${filter}`]),
		`by ${sort}${reversed ? ", turned round" : ""}`,
	].join(" · ")
}
