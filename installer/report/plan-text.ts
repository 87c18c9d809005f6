import type {NamespacePlan, Plan} from "../../operator/plan/types.ts"
import {plural} from "../../profiles/names.ts"
import type {Reason} from "../../profiles/reason.ts"
import type {Page, Row} from "./layout.ts"
import {paragraph, rowLines} from "./layout.ts"
import {destination, markOf, placeName, severityMarks} from "./verdict.ts"
import {widthOf} from "./width.ts"

/** Reasons per namespace that the overview shows; `explain` shows all. */
const shownReasons = 3

/** The overview: one line per namespace with its why, what stands in the way with its fix, and the counts. */
export function planText(plan: Plan, page: Page): string {
	if (plan.namespaces.length === 0)
		return "No namespace is selected by a profile. With --all-namespaces the others are shown too."
	const head: Row = ["", "NAMESPACE", "NOW", "GOES TO", "WHY"].map((text) => ({text, tone: "dim"}))
	const [titles = [], ...rows] = rowLines([head, ...plan.namespaces.map(row)], page)
	const lines = plan.namespaces.flatMap((one, i) => [...(rows[i] ?? []), ...obstacles(one, page)])
	return [...titles, ...lines, "", ...counts(plan, page)].join("\n")
}

function row(plan: NamespacePlan): Row {
	const {sign, tone} = markOf(plan)
	return [
		{text: sign, tone},
		{text: plan.namespace, tone: "strong"},
		placeName(plan.from),
		{text: destination(plan), tone},
		why(plan),
	]
}

/** The verdict with the one fact that carries it. */
function why(plan: NamespacePlan): string {
	const {word} = markOf(plan)
	if (plan.verdict === "UpToDate") return word
	if (plan.verdict === "Ready") return `${word}: ${work(plan)}`
	const open = standing(plan)
	const codes = [...new Set(open.map(({code}) => code))]
	return codes.length === 0
		? word
		: `${word}: ${codes.slice(0, 3).join(", ")}${codes.length > 3 ? `, ${codes.length - 3} more` : ""}`
}

function work(plan: NamespacePlan): string {
	const moving = plan.workloads.filter(({action}) => action === "Roll" || action === "Template")
	const manual = plan.workloads.filter(({action}) => action === "Manual").length
	const waves = new Set(moving.map(({wave}) => wave)).size
	const parts = [
		moving.length === 0
			? plural(plan.steps.length, "step")
			: `${plural(moving.length, "workload")} in ${plural(waves, "wave")}`,
	]
	if (manual > 0) parts.push(`${manual} by hand`)
	return parts.join(", ")
}

/** What stands in the way, the worst first; nothing when the plan may run. */
export function standing(plan: NamespacePlan): readonly Reason[] {
	if (plan.verdict === "Blocked")
		return plan.reasons
			.filter(({severity}) => severity !== "info")
			.sort((a, b) => (a.severity === b.severity ? 0 : a.severity === "block" ? -1 : 1))
	return plan.verdict === "NeedsAcceptance" ? plan.reasons.filter(({severity}) => severity === "accept") : []
}

function obstacles(plan: NamespacePlan, page: Page): string[] {
	const open = standing(plan)
	const lines = open.slice(0, shownReasons).flatMap((reason) => reasonLines(reason, page, 3))
	const rest = open.length - shownReasons
	return rest > 0
		? [
				...lines,
				...paragraph(
					{text: "…"},
					{text: `${rest} more: heddle explain ${plan.namespace}`, tone: "dim"},
					page,
					3,
				),
			]
		: lines
}

/** A reason with its fix beneath. */
export function reasonLines(reason: Reason, page: Page, indent: number): string[] {
	const {sign, tone} = severityMarks[reason.severity]
	const about =
		reason.object === undefined || reason.message.includes(reason.object) ? "" : ` (${reason.object})`
	const lines = paragraph(
		{text: sign, tone},
		{text: `${reason.code}: ${reason.message}${about}`},
		page,
		indent,
	)
	return reason.fix === undefined
		? lines
		: [...lines, ...paragraph({text: "fix:", tone: "dim"}, {text: reason.fix}, page, indent + 3)]
}

function counts(plan: Plan, page: Page): string[] {
	const marks = plan.namespaces.map(markOf)
	const total = plural(plan.namespaces.length, "namespace")
	const parts = order.flatMap((word) => {
		const [first, ...rest] = marks.filter((mark) => mark.word === word)
		return first === undefined ? [] : [{text: `${first.sign} ${rest.length + 1} ${word}`, tone: first.tone}]
	})
	const width = parts.reduce((sum, {text}) => sum + widthOf(text) + 2, widthOf(total) + 1)
	const shown = parts.map(({text, tone}) => page.style(tone, text))
	return width <= page.columns
		? [`${total}  ${shown.join("  ")}`]
		: [total, ...shown.map((part) => `  ${part}`)]
}

const order = ["up to date", "not selected", "ready", "needs acceptance", "blocked"]
