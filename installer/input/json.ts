import {messageOf} from "../abort.ts"
import {itemLinesOf} from "./json-lines.ts"
import type {Found} from "./source.ts"
import {malformed} from "./source.ts"

/** @throws AbortError naming file, line and column */
export function parseJson(text: string, file: string, lines = false): Found[] {
	try {
		const value: unknown = JSON.parse(text)
		return [{value, file, ...(lines ? {line: 1, itemLines: itemLinesOf(text)} : {})}]
	} catch (error) {
		const {line, column} = positionIn(messageOf(error), text)
		throw malformed({file, line, column}, messageOf(error).replace(/ in JSON at position.*$/, ""), "JSON")
	}
}

/** V8 names the position in its message; where it names none the text ended too early. */
function positionIn(message: string, text: string): {line: number; column: number} {
	const told = /at position (\d+)/.exec(message)?.[1]
	const before = text.slice(0, told === undefined ? text.trimEnd().length : Number(told))
	return {line: before.split("\n").length, column: before.length - before.lastIndexOf("\n")}
}
