import {wasmText} from "../../report/wasm-text.ts"
import type {Inspection} from "../../wasm/types.ts"
import {lookOf} from "../model/act-module.ts"
import {type Canvas, scrolled, spin, type View} from "./body.ts"
import {hardWrapped} from "./hard-wrap.ts"
import {paint, wrapped} from "./paint.ts"

/** The same text as `heddle wasm inspect` prints. */
export const moduleView: View = (state, canvas) => {
	const look = lookOf(state)
	const url = state.asked?.url ?? ""
	if (look === undefined || look.state === "running") {
		const line = paint([{text: `   ${spin(canvas.frame)} getting and reading ${url}`, tone: "dim"}], canvas)
		return {lines: ["", line], extent: {length: 0, room: canvas.room}}
	}
	if (look.state === "done") return scrolled(textOf(look.seen, canvas), state.scrolls.module, canvas.room)
	const {message, fix} = look.problem
	const lines = [
		"",
		...wrapped({text: `✕ ${message}`, tone: "bad"}, canvas, {indent: 3, most: 6}),
		...(fix === undefined
			? []
			: wrapped({text: `fix: ${fix}`, tone: "accent"}, canvas, {indent: 5, most: 4})),
	]
	return scrolled(lines, state.scrolls.module, canvas.room)
}

function textOf(seen: Inspection, {columns, style}: Canvas): readonly string[] {
	const page = {columns: columns - 2, style}
	return hardWrapped((marks) => wasmText(seen, {...page, style: marks}), page).map((line) => ` ${line}`)
}
