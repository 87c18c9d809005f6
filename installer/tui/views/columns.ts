import type {Tone} from "../../report/style.ts"
import {type Piece, sized} from "./paint.ts"

/** A column of a table: how wide it may be, and when it goes. */
export type Column<T> = {
	readonly title: string
	readonly least: number
	/** The widest that its content is; it gets no more. */
	readonly most: number
	readonly align?: "right"
	/** The higher, the sooner it is left out when the page is narrow; 0 stays. */
	readonly drop: number
	readonly cell: (row: T) => {readonly text: string; readonly tone?: Tone}
}

export type Laid<T> = {readonly column: Column<T>; readonly width: number}

const gap = 2

/** Which columns are shown, and how wide: each gets its least, then what is left goes to them from left to right. */
export function layColumns<T>(columns: readonly Column<T>[], room: number): readonly Laid<T>[] {
	const least = columns.reduce((sum, column) => sum + column.least + gap, -gap)
	const droppable = columns.filter(({drop}) => drop > 0)
	if (least > room && droppable.length > 0) {
		const worst = droppable.reduce((a, b) => (b.drop > a.drop ? b : a))
		return layColumns(
			columns.filter((column) => column !== worst),
			room,
		)
	}
	let spare = Math.max(0, room - least)
	return columns.map((column) => {
		const more = Math.min(spare, Math.max(0, column.most - column.least))
		spare -= more
		return {column, width: column.least + more}
	})
}

export function titlePieces<T>(laid: readonly Laid<T>[]): readonly Piece[] {
	return laid.map(({column, width}, index) => ({
		text: `${index === 0 ? "" : " ".repeat(gap)}${sized(column.title, width, column.align)}`,
		tone: "dim",
	}))
}

export function rowPieces<T>(laid: readonly Laid<T>[], row: T): readonly Piece[] {
	return laid.map(({column, width}, index) => {
		const {text, tone} = column.cell(row)
		const shown = `${index === 0 ? "" : " ".repeat(gap)}${sized(text, width, column.align)}`
		return tone === undefined ? shown : {text: shown, tone}
	})
}
