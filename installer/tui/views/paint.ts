import type {Cell, Page} from "../../report/layout.ts"
import {clean, pad, widthOf, wrap} from "../../report/width.ts"

export type Piece = Cell | string
export type Pieces = readonly Piece[]

const cellOf = (piece: Piece): Cell => (typeof piece === "string" ? {text: piece} : piece)

/** Like `clean`, for pieces whose spaces align them. */
const safe = (text: string) => text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, "\ufffd")

const segmenter = new Intl.Segmenter(undefined, {granularity: "grapheme"})
const ascii = /^[ -~]*$/

/** As much of a text as fits, with … where it was cut. */
export function cut(text: string, width: number): string {
	if (widthOf(text) <= width) return text
	if (width <= 0) return ""
	if (ascii.test(text)) return `${text.slice(0, width - 1)}…`
	let kept = ""
	let used = 0
	for (const {segment} of segmenter.segment(text)) {
		used += widthOf(segment)
		if (used > width - 1) break
		kept += segment
	}
	return `${kept}…`
}

/** Exactly so wide: cut or filled up. */
export function sized(text: string, width: number, align: "left" | "right" = "left"): string {
	const shown = cut(clean(text), width)
	return align === "left" ? pad(shown, width) : " ".repeat(Math.max(0, width - widthOf(shown))) + shown
}

/** One line of pieces, never wider than the page. Text of others is made safe here. */
export function paint(pieces: Pieces, {columns, style}: Page): string {
	let left = columns
	let line = ""
	for (const piece of pieces) {
		if (left <= 0) break
		const {text, tone} = cellOf(piece)
		const shown = cut(safe(text), left)
		left -= widthOf(shown)
		line += style(tone, shown)
	}
	return line
}

const widthOfAll = (pieces: Pieces) => pieces.reduce((sum, piece) => sum + widthOf(cellOf(piece).text), 0)

/** Pieces on the left, cut where they would run into the pieces on the right; those go when there is no room at all. */
export function spread(left: Pieces, right: Pieces, page: Page): string {
	const room = page.columns - widthOfAll(right)
	if (room < 16) return paint(left, page)
	const gap = " ".repeat(Math.max(0, room - widthOfAll(left)))
	return paint(left, {...page, columns: room}) + paint([gap, ...right], page)
}

/** Text in as many lines as it needs, the later ones indented like the first; at most `most` of them. */
export function wrapped(piece: Piece, page: Page, {indent, most}: {indent: number; most: number}): string[] {
	const {text, tone} = cellOf(piece)
	const lines = wrap(clean(text), Math.max(10, page.columns - indent - 1))
	const shown = lines.length > most ? [...lines.slice(0, most - 1), lines.slice(most - 1).join(" ")] : lines
	return shown.map((line) =>
		paint([" ".repeat(indent), tone === undefined ? line : {text: line, tone}], page),
	)
}

/** A thin line across. */
export const rule = (page: Page): string => page.style("dim", "─".repeat(page.columns))

/** Exactly so many lines. */
export function filled(lines: readonly string[], room: number): string[] {
	return Array.from({length: Math.max(0, room)}, (_, index) => lines[index] ?? "")
}
