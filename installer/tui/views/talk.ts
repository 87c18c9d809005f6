import type {Page} from "../../report/layout.ts"
import {duration} from "../../report/progress-line.ts"
import {clean, widthOf, wrap} from "../../report/width.ts"
import type {Prompt, State} from "../model/state.ts"
import {type Piece, paint, wrapped} from "./paint.ts"

export const hasTalk = ({prompt, notice, link}: State) =>
	prompt !== undefined || notice !== undefined || link.state === "lost"

const mostLines = 3

/** A question, else what was just said, else what is wrong with the cluster; in as many lines as it needs. */
export function talkLines({prompt, notice, link, now}: State, page: Page): readonly string[] {
	if (prompt !== undefined) return promptLines(prompt, page)
	if (notice !== undefined) {
		const {text, tone, fix} = notice
		const together = fix === undefined ? text : `${text}  fix: ${fix}`
		if (fix !== undefined && widthOf(together) + 1 <= page.columns)
			return [paint([" ", {text, tone}, {text: `  fix: ${fix}`, tone: "accent"}], page)]
		return [
			...wrapped({text, tone}, page, {indent: 1, most: mostLines}),
			...(fix === undefined
				? []
				: wrapped({text: `fix: ${fix}`, tone: "accent"}, page, {indent: 1, most: 2})),
		]
	}
	if (link.state !== "lost") return []
	return [
		paint(
			[
				{text: ` ✕ lost ${duration(Math.max(0, now - link.since))} ago, trying again: `, tone: "bad"},
				link.why,
			],
			page,
		),
	]
}

/** What can be answered is always in sight: of a question that is too long the middle goes, never the answers. */
function promptLines(prompt: Prompt, page: Page): readonly string[] {
	const answers = answersOf(prompt, page)
	const width = answers.reduce(
		(sum, piece) => sum + widthOf(typeof piece === "string" ? piece : piece.text),
		0,
	)
	const tone = prompt.kind === "text" ? "accent" : "strong"
	const label = prompt.kind === "confirm" ? prompt.label : `${prompt.label}:`
	if (widthOf(label) + width + 2 <= page.columns)
		return [paint([" ", {text: label, tone}, " ", ...answers], page)]
	const lines = wrap(clean(label), Math.max(10, page.columns - 2)).slice(0, mostLines)
	return [...lines.map((line) => paint([" ", {text: line, tone}], page)), paint([" ", ...answers], page)]
}

function answersOf(prompt: Prompt, page: Page): readonly Piece[] {
	if (prompt.kind === "confirm")
		return [{text: "y", tone: "accent"}, " yes  ", {text: "n", tone: "accent"}, " no"]
	const keys = "  Enter ok  Esc cancel"
	return [
		lastOf(prompt.value, page.columns - keys.length - 4),
		{text: "▏", tone: "accent"},
		{text: keys, tone: "dim"},
	]
}

/** The end of what is typed: that is where one types. */
function lastOf(text: string, width: number): string {
	const characters = [...text]
	return characters.length <= width ? text : `…${characters.slice(1 - width).join("")}`
}
