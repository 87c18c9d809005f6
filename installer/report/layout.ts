import type {Style, Tone} from "./style.ts"
import {clean, pad, widthOf, wrap} from "./width.ts"

/** How to print: the columns at hand, and whether in colour. */
export type Page = {readonly columns: number; readonly style: Style}

/** One piece of a row, with what it means. */
export type Cell = {readonly text: string; readonly tone?: Tone}
export type Row = readonly (Cell | string)[]

const cellOf = (cell: Cell | string | undefined): Cell => {
	const {text, tone} = typeof cell === "object" ? cell : {text: cell ?? ""}
	return tone === undefined ? {text: clean(text)} : {text: clean(text), tone}
}

type TableOptions = {
	readonly indent?: number
	/** The least room that the last column needs beside the others; with less it goes on a line below. */
	readonly least?: number
}

/**
 * Aligns rows in columns two spaces apart; the last column takes the rest of the page and wraps under itself,
 * or goes below its row when the page is too narrow.
 */
export function table(rows: readonly Row[], page: Page, options: TableOptions = {}): string[] {
	return rowLines(rows, page, options).flat()
}

/** The lines of each row of such a table. */
export function rowLines(
	rows: readonly Row[],
	page: Page,
	{indent = 0, least = 24}: TableOptions = {},
): string[][] {
	const count = Math.max(0, ...rows.map((row) => row.length))
	const cells = rows.map((row) => Array.from({length: count}, (_, i) => cellOf(row[i])))
	const widths = Array.from({length: count}, (_, i) =>
		Math.max(...cells.map((row) => widthOf(row[i]?.text ?? ""))),
	)
	const before = widths.slice(0, -1).reduce((sum, width) => sum + width + 2, indent)
	const below = page.columns - before < Math.min(least, widths.at(-1) ?? 0)
	const margin = below ? indent + 4 : before
	return cells.map((row) => {
		const last = row.at(-1) ?? {text: ""}
		const head = `${" ".repeat(indent)}${row
			.slice(0, -1)
			.map((cell, i) => `${page.style(cell.tone, cell.text)}${gap(cell, widths[i])}`)
			.join("")}`
		const lines = wrap(last.text, Math.max(20, page.columns - margin)).map((line) =>
			page.style(last.tone, line),
		)
		const [first = "", ...rest] = below && last.text !== "" ? ["", ...lines] : lines
		return [`${head}${first}`.trimEnd(), ...rest.map((line) => `${" ".repeat(margin)}${line}`)]
	})
}

const gap = (cell: Cell, width = 0) => " ".repeat(width - widthOf(cell.text) + 2)

/** A paragraph whose lines after the first hang under its text. */
export function paragraph(lead: Cell, text: Cell, page: Page, indent = 0): string[] {
	return table([[lead, text]], page, {indent, least: 0})
}

/** A title on the left and a verdict on the right of one line; on two lines when the page is too narrow. */
export function banner(left: Cell, right: Cell, page: Page): string[] {
	const [a, b] = [cellOf(left), cellOf(right)]
	const room = page.columns - widthOf(a.text) - widthOf(b.text)
	const [title, verdict] = [page.style(a.tone, a.text), page.style(b.tone, b.text)]
	return room < 2 ? [title, verdict] : [`${title}${pad("", room)}${verdict}`]
}
