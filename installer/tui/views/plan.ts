import type {Plan, Step} from "../../../operator/plan/types.ts"
import {plural} from "../../../profiles/names.ts"
import type {Reason} from "../../../profiles/reason.ts"
import type {Cell} from "../../report/layout.ts"
import {duration} from "../../report/progress-line.ts"
import {markOf, placeName, severityMarks} from "../../report/verdict.ts"
import {type Draft, targetName} from "../model/draft.ts"
import {type PlanItem, type PlanTotals, planItems, planTotals} from "../model/plan-items.ts"
import {type Body, type Canvas, spin, type View, windowOf} from "./body.ts"
import {filled, type Piece, paint, rule, sized, wrapped} from "./paint.ts"
import {savesText} from "./saves.ts"

const peekLines = 3
const roomForPeek = 16

export const planView: View = (state, canvas) => {
	const {draft, plan} = state
	if (draft === undefined || plan === undefined) {
		const line = paint([{text: `   ${spin(canvas.frame)} making the plan`, tone: "dim"}], canvas)
		return {lines: ["", line], extent: {length: 0, room: canvas.room}}
	}
	return planBody({plan, draft, scroll: state.scrolls.plan}, canvas)
}

type Shown = {readonly plan: Plan; readonly draft: Draft; readonly scroll: {top: number; cursor: number}}

function planBody({plan, draft, scroll}: Shown, canvas: Canvas): Body {
	const items = planItems(plan, draft)
	const head = [...totalLines(planTotals(plan), draft, canvas), rule(canvas)]
	const peek = canvas.room >= roomForPeek ? peekLines : 0
	const room = Math.max(1, canvas.room - head.length - peek)
	const {shown, top, cursor} = windowOf(items, scroll, room)
	const rows = shown.map((item, index) =>
		paint(
			[top + index === cursor ? {text: " ▸ ", tone: "accent"} : "   ", ...itemPieces(item, canvas)],
			canvas,
		),
	)
	const current = items[cursor]
	return {
		lines: [
			...head,
			...filled(rows, room),
			...(peek === 0 ? [] : filled(current === undefined ? [] : peekOf(current, canvas), peek)),
		],
		extent: {length: items.length, room},
		status: `${items.length === 0 ? 0 : cursor + 1} of ${items.length}`,
	}
}

function totalLines(totals: PlanTotals, draft: Draft, canvas: Canvas): readonly string[] {
	const {namespaces, workloads, waves, soakMs, risks, blocks, saves} = totals
	const size = [
		plural(draft.namespaces.length, "namespace"),
		...(workloads === 0 ? [] : [`${plural(workloads, "workload")} in ${plural(waves, "wave")}`]),
		...(soakMs < 1_000 ? [] : [`at least ${duration(soakMs)} of watching`]),
	].join(" · ")
	const label = (text: string): Cell => ({text: sized(text, 12), tone: "dim"})
	return [
		paint(
			[" ", label("Target"), {text: targetName(draft.target), tone: "accent"}, {text: `   ${size}`}],
			canvas,
		),
		paint([" ", label("Disruption"), ...disruption(risks, blocks, namespaces)], canvas),
		paint([" ", label("Requests"), costWords(saves)], canvas),
	]
}

/** Only what the plan itself knows: its risks name every way in which a request could be lost. */
function disruption(
	risks: ReadonlyMap<string, number>,
	blocks: number,
	namespaces: number,
): readonly Piece[] {
	if (blocks > 0) return [{text: `refused: ${plural(blocks, "block")}`, tone: "bad"}]
	if (namespaces === 0) return [{text: "nothing moves", tone: "dim"}]
	if (risks.size === 0)
		return [
			{text: "none foreseen", tone: "ok"},
			{text: "; every wave is held until its pods are proven", tone: "dim"},
		]
	const list = [...risks].map(([code, count]) => (count === 1 ? code : `${code} ×${count}`)).join(", ")
	return [{text: `possible: ${list}`, tone: "warn"}]
}

function costWords({cpuMillis, memoryMiB}: PlanTotals["saves"]): Piece {
	const less = savesText({cpuMillis: Math.max(0, cpuMillis), memoryMiB: Math.max(0, memoryMiB)})
	const more = savesText({cpuMillis: Math.max(0, -cpuMillis), memoryMiB: Math.max(0, -memoryMiB)})
	const parts = [
		...(less === "–" ? [] : [`gives back ${less}`]),
		...(more === "–" ? [] : [`${less === "–" ? "" : "and "}asks for ${more} more`]),
	]
	return parts.length === 0
		? {text: "the cluster's total stays as it is", tone: "dim"}
		: {text: parts.join(" "), tone: more === "–" ? "ok" : "warn"}
}

const stepSigns: Readonly<Record<Step["action"], Cell>> = {
	Apply: {text: "+", tone: "ok"},
	Delete: {text: "-", tone: "bad"},
	Roll: {text: "↻", tone: "accent"},
	Template: {text: "~", tone: "accent"},
	Gate: {text: "◇", tone: "warn"},
	Soak: {text: "◷", tone: "dim"},
}

function itemPieces(item: PlanItem, canvas: Canvas): readonly Piece[] {
	switch (item.kind) {
		case "namespace": {
			const {plan} = item
			const {sign, word, tone} = markOf({verdict: plan.verdict, profile: plan.profile ?? ""})
			const way =
				plan.verdict === "UpToDate" ? placeName(plan.from) : `${placeName(plan.from)} → ${placeName(plan.to)}`
			return [{text: plan.namespace, tone: "strong"}, `  ${way}  `, {text: `${sign} ${word}`, tone}]
		}
		case "reason": {
			const {sign, tone} = severityMarks[item.reason.severity]
			const accepted = item.accepted
				? ({text: "✓ accepted  ", tone: "ok"} as const)
				: {text: `${sign} `, tone}
			return ["  ", accepted, {text: item.reason.code, tone}, `  ${aboutReason(item.reason, item.namespace)}`]
		}
		case "step": {
			const {step, number} = item
			const object = step.object === undefined ? "" : shortRef(step.object, item.namespace)
			const wide = canvas.columns >= 70
			return [
				{text: `  ${String(number).padStart(3)} `, tone: "dim"},
				stepSigns[step.action],
				` ${sized(step.action, 8)} `,
				...(wide
					? [sized(object, 32), "  ", {text: step.note, tone: "dim"} as const]
					: [object === "" ? step.note : object]),
			]
		}
		case "manual":
			return [
				"      ",
				{text: "!", tone: "warn"},
				` by hand  ${shortRef(item.ref, item.namespace)}  `,
				{text: item.reason, tone: "dim"},
			]
	}
}

/** With the object that it is of, unless it names that itself. */
function aboutReason({message, object}: Reason, namespace: string): string {
	const known = object === undefined || message.includes(object)
	return known ? message : `${shortRef(object, namespace)}: ${message}`
}

/** The heading names the namespace already. */
const shortRef = (ref: string, namespace: string) => ref.replace(`/${namespace}/`, "/")

function peekOf(item: PlanItem, canvas: Canvas): readonly string[] {
	const [text, fix] =
		item.kind === "reason"
			? [`${item.reason.code}: ${aboutReason(item.reason, item.namespace)}`, item.reason.fix]
			: item.kind === "step"
				? [`${item.step.action} ${item.step.object ?? ""}: ${item.step.note}`, undefined]
				: item.kind === "manual"
					? [`${item.ref}: ${item.reason}`, undefined]
					: [`${item.plan.namespace}: ${plural(item.plan.steps.length, "step")}`, undefined]
	return [
		canvas.style("dim", `   ${"─".repeat(Math.max(0, canvas.columns - 6))}`),
		...wrapped(text, canvas, {indent: 3, most: fix === undefined ? 2 : 1}),
		...(fix === undefined
			? []
			: wrapped({text: `fix: ${fix}`, tone: "accent"}, canvas, {indent: 3, most: 1})),
	]
}
