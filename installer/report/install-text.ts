import type {FlowDiagnostic, FlowPlan, PlannedChange, ResourceAction} from "../engine/events.ts"
import type {Page, Row} from "./layout.ts"
import {paragraph, table} from "./layout.ts"
import type {Tone} from "./style.ts"

type Sign = {readonly sign: string; readonly tone: Tone; readonly word: string}

const signs: Readonly<Record<ResourceAction, Sign>> = {
	create: {sign: "+", tone: "ok", word: "to create"},
	update: {sign: "~", tone: "warn", word: "to change"},
	replace: {sign: "±", tone: "warn", word: "to make anew"},
	delete: {sign: "-", tone: "bad", word: "to delete"},
	adopt: {sign: "»", tone: "warn", word: "to take over"},
	same: {sign: "✓", tone: "dim", word: "as wanted"},
	read: {sign: "·", tone: "dim", word: "left as it is"},
}

/** What is new is counted; what changes or goes is named, since that is what may hurt. */
const named: ReadonlySet<ResourceAction> = new Set(["update", "replace", "delete", "adopt"])

/** The plan by component: how many objects of what, and every change to what is there. */
export function installPlanText({changes}: FlowPlan, page: Page): string {
	const components = Map.groupBy(changes, ({parent}) => parent ?? "no longer wanted")
	const counts = [...components].map(([name, own]): Row => [{text: name, tone: "strong"}, countsOf(own)])
	const details = changes.filter(({action}) => named.has(action)).map(changeRow)
	return [
		...table(counts, page, {indent: 2}),
		...(details.length === 0 ? [] : ["", ...table(details, page, {indent: 2})]),
	].join("\n")
}

function countsOf(changes: readonly PlannedChange[]): string {
	const byAction = Map.groupBy(changes, ({action}) => action)
	return (Object.keys(signs) as ResourceAction[])
		.flatMap((action) => {
			const count = byAction.get(action)?.length ?? 0
			return count === 0 ? [] : [`${count} ${signs[action].word}`]
		})
		.join(", ")
}

function changeRow({action, id, fields = [], owner}: PlannedChange): Row {
	const {sign, tone} = signs[action]
	const what = fields.length > 0 ? fields.join(", ") : (owner ?? signs[action].word)
	return [{text: sign, tone}, id, {text: what, tone: "dim"}]
}

const severities: Readonly<Record<FlowDiagnostic["severity"], {sign: string; tone: Tone}>> = {
	block: {sign: "✕", tone: "bad"},
	warning: {sign: "‼", tone: "warn"},
	info: {sign: "·", tone: "dim"},
}

/** Shown one by one up to this many of a code; a cluster full of another tool's objects says the same a hundred times. */
const most = 5

export function diagnosticsText(diagnostics: readonly FlowDiagnostic[], page: Page): string {
	return [...Map.groupBy(diagnostics, ({code}) => code).values()]
		.flatMap((same) => {
			const lines = same.slice(0, most).flatMap((one) => lineOf(one, page))
			const more = same.length - most
			const fixes = [...new Set(same.flatMap(({fix}) => fix ?? []))].slice(0, 3)
			return [
				...lines,
				...(more > 0 ? [`  and ${more} more like this (${same[0]?.code})`] : []),
				...fixes.flatMap((fix) => paragraph({text: "fix:", tone: "strong"}, {text: fix}, page, 2)),
			]
		})
		.join("\n")
}

function lineOf({severity, code, message}: FlowDiagnostic, page: Page): string[] {
	const {sign, tone} = severities[severity]
	return paragraph({text: sign, tone}, {text: `${message} (${code})`}, page)
}
