import type {Cell} from "../../report/layout.ts"
import {scrolled, type View} from "./body.ts"
import {paint} from "./paint.ts"

const tones: Readonly<Record<string, Cell["tone"]>> = {"+": "ok", "-": "bad"}

export const diffView: View = (state, canvas) => {
	const {diff = []} = state
	const lines =
		diff.length === 0
			? ["", paint([{text: "   Nothing is changed.", tone: "dim"}], canvas)]
			: diff.map((line) => {
					const tone = line.startsWith("  #") ? "accent" : tones[line[0] ?? ""]
					return paint([" ", tone === undefined ? line : {text: line, tone}], canvas)
				})
	return scrolled(lines, state.scrolls.diff, canvas.room)
}
