import type {NamespacePlan} from "../../../operator/plan/types.ts"
import {explainText} from "../../report/explain-text.ts"
import type {Page} from "../../report/layout.ts"
import {type Canvas, scrolled, spin, type View} from "./body.ts"
import {hardWrapped} from "./hard-wrap.ts"
import {paint} from "./paint.ts"

/** The same text as `heddle explain` prints. */
export const detailView: View = (state, canvas) => {
	const {detail, scrolls, table} = state
	if (detail?.plan === undefined) {
		const line = paint(
			[{text: `   ${spin(canvas.frame)} looking at ${detail?.namespace ?? ""}`, tone: "dim"}],
			canvas,
		)
		return {lines: ["", line], extent: {length: 0, room: canvas.room}}
	}
	const at = table.view.findIndex(({namespace}) => namespace === detail.namespace)
	const body = scrolled(textOf(detail.plan, canvas), scrolls.detail, canvas.room)
	const place = at < 0 ? "" : `${at + 1} of ${table.view.length}`
	return {
		...body,
		status: [place, body.status].filter((part) => part !== undefined && part !== "").join(" · "),
	}
}

type Drawn = {readonly columns: number; readonly style: Page["style"]; readonly lines: readonly string[]}
const drawn = new WeakMap<NamespacePlan, Drawn>()

/** Drawn once per plan and width: scrolling changes neither. */
function textOf(plan: NamespacePlan, {columns, style}: Canvas): readonly string[] {
	const last = drawn.get(plan)
	if (last?.columns === columns && last.style === style) return last.lines
	const width = columns - 2
	const lines = hardWrapped((marks) => explainText(plan, {columns: width, style: marks}), {
		columns: width,
		style,
	}).map((line) => ` ${line}`)
	drawn.set(plan, {columns, style, lines})
	return lines
}
