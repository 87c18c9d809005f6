import type {Page} from "../../report/layout.ts"
import type {Style, Tone} from "../../report/style.ts"
import {widthOf} from "../../report/width.ts"

const tones: readonly Tone[] = ["ok", "warn", "bad", "accent", "dim", "strong"]
/** Stand for the colours while a line is broken; both are of the private use area, which nothing prints. */
const on = "\ue000"
const off = "\ue001"
const marked: Style = (tone, text) => (tone === undefined ? text : `${on}${tones.indexOf(tone)}${text}${off}`)

const parts = new RegExp(`${on}(\\d)([^${off}]*)${off}|([^${on}]+)`, "g")

/**
 * The lines of a report, none wider than the page. A report never cuts a word, so that it can be copied from a
 * scrollback; on a screen that is narrower than the word the rest of it goes on the next line.
 */
export function hardWrapped(draw: (style: Style) => string, {columns, style}: Page): readonly string[] {
	return draw(marked)
		.split("\n")
		.flatMap((line) => {
			const rows: string[] = [""]
			let used = 0
			for (const [, tone, inner, bare] of line.matchAll(parts)) {
				for (const chunk of chunks(inner ?? bare ?? "", columns - used, columns)) {
					if (used + widthOf(chunk) > columns && used > 0) {
						rows.push("")
						used = 0
					}
					used += widthOf(chunk)
					rows[rows.length - 1] += style(tone === undefined ? undefined : tones[Number(tone)], chunk)
				}
			}
			return rows
		})
}

/** Pieces of a text, the first no wider than what is left of the line, the others no wider than a line. */
function chunks(text: string, left: number, columns: number): readonly string[] {
	const found: string[] = []
	let chunk = ""
	let room = left
	for (const character of text) {
		if (widthOf(chunk + character) > room) {
			if (chunk !== "") found.push(chunk)
			chunk = ""
			room = columns
		}
		chunk += character
	}
	return chunk === "" ? found : [...found, chunk]
}
