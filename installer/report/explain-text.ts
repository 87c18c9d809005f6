import type {NamespacePlan} from "../../operator/plan/types.ts"
import type {Figure} from "../../profiles/dataplane.ts"
import {plural} from "../../profiles/names.ts"
import type {Severity} from "../../profiles/reason.ts"
import {cpuText, memoryText, signed} from "./figures.ts"
import type {Page, Row} from "./layout.ts"
import {banner, table} from "./layout.ts"
import {reasonLines} from "./plan-text.ts"
import type {Tone} from "./style.ts"
import {markOf, placeName} from "./verdict.ts"

/** Everything about one namespace, for somebody who has to decide. Sections without content are left out. */
export function explainText(plan: NamespacePlan, page: Page): string {
	const {sign, word, tone} = markOf(plan)
	const moves = plan.verdict !== "UpToDate"
	const way = moves ? `${placeName(plan.from)} → ${placeName(plan.to)}` : placeName(plan.from)
	const rows = (list: readonly Row[]) => table(list, page, {indent: 2})
	const reasons = (severity: Severity) =>
		plan.reasons
			.filter((reason) => reason.severity === severity)
			.flatMap((reason) => reasonLines(reason, page, 2))
	const sections: readonly (readonly [string, readonly string[]])[] = [
		["Profile", [profileLine(plan)]],
		["Blocked by", reasons("block")],
		[plan.verdict === "Ready" || !moves ? "Accepted" : "Must accept", reasons("accept")],
		["In use", rows(plan.features.map(featureRow))],
		["Candidates", rows(plan.candidates.map(candidateRow))],
		["Policies", rows(plan.translations.flatMap(translationRows))],
		["Workloads", rows(plan.workloads.map(workloadRow))],
		["Steps", rows(plan.steps.map(stepRow))],
		["Cost", costLines(plan, page)],
		["Notes", reasons("info")],
	]
	return [
		...banner({text: `${plan.namespace} · ${way}`, tone: "strong"}, {text: `${sign} ${word}`, tone}, page),
		...sections.flatMap(([name, lines]) =>
			lines.length === 0 ? [] : ["", page.style("strong", name), ...lines],
		),
	].join("\n")
}

function profileLine({profile, from}: NamespacePlan): string {
	const cni = from.cni === undefined ? "" : `; CNI ${from.cni}`
	return profile === undefined ? `  none selects it${cni}` : `  ${profile}${cni}`
}

const supportTones: Readonly<Record<string, Tone>> = {native: "ok", no: "bad", preview: "warn"}

function featureRow(feature: NamespacePlan["features"][number]): Row {
	const tone = supportTones[feature.support]
	const users = feature.usedBy.length === 0 ? "required by the profile" : feature.usedBy.join(", ")
	return [
		feature.name,
		tone === undefined ? feature.support : {text: feature.support, tone},
		feature.note === undefined ? users : `${users}: ${feature.note}`,
	]
}

function candidateRow(candidate: NamespacePlan["candidates"][number]): Row {
	const mark = candidate.fits ? ({text: "✓", tone: "ok"} as const) : ({text: "✕", tone: "bad"} as const)
	return [
		mark,
		placeName(candidate),
		candidate.reasons.length === 0
			? candidate.fits
				? "fits"
				: "does not fit"
			: candidate.reasons.join("; "),
	]
}

const translationTones: Readonly<Record<string, Tone>> = {
	exact: "ok",
	approximated: "warn",
	dropped: "bad",
	blocked: "bad",
}

function translationRows(translation: NamespacePlan["translations"][number]): Row[] {
	const tone = translationTones[translation.verdict] ?? "dim"
	const into = translation.objects.length === 0 ? "" : `→ ${plural(translation.objects.length, "object")}`
	const fields = translation.fields.filter(({verdict}) => verdict !== "exact")
	return [
		[{text: translation.verdict, tone}, translation.source, into],
		...fields.map(
			({path, verdict, note}): Row => ["", `  ${path}`, note === undefined ? verdict : `${verdict}: ${note}`],
		),
	]
}

const actionSigns: Readonly<Record<string, string>> = {Roll: "↻", Template: "~", Skip: "·", Manual: "!"}

function workloadRow({ref, action, from, reason, wave}: NamespacePlan["workloads"][number]): Row {
	return [
		wave === undefined ? "" : `wave ${wave}`,
		`${actionSigns[action] ?? " "} ${action}`,
		ref,
		`${from}: ${reason}`,
	]
}

const stepSigns: Readonly<Record<string, string>> = {
	Apply: "+",
	Delete: "-",
	Roll: "↻",
	Template: "~",
	Gate: "◇",
	Soak: "◷",
}

function stepRow({action, object, note}: NamespacePlan["steps"][number], index: number): Row {
	return [String(index + 1).padStart(2), `${stepSigns[action] ?? " "} ${action}`, object ?? "", note]
}

function costLines({cost, to, verdict}: NamespacePlan, page: Page): string[] {
	const moves = to !== null && verdict !== "UpToDate"
	const row = (
		name: string,
		show: (figure: Figure) => string,
		{from, to: then}: {from: Figure; to: Figure},
	): Row => (moves ? [name, show(from), show(then)] : [name, show(from)])
	const head: Row = (moves ? ["", "now", "then"] : ["", "now"]).map((text) => ({text, tone: "dim"}))
	const rows = [
		head,
		row("CPU requests", cpuText, cost.requests.cpuMillis),
		row("CPU use", cpuText, cost.usage.cpuMillis),
		row("memory requests", memoryText, cost.requests.memoryMiB),
		row("memory use", memoryText, cost.usage.memoryMiB),
	]
	const {cpuMillis, memoryMiB} = cost.marginal
	const change = `${signed(cpuText(cpuMillis), cpuMillis)} CPU and ${signed(memoryText(memoryMiB), memoryMiB)} memory`
	return [
		...table(rows, page, {indent: 2, least: 0}),
		...(moves
			? table([[`The requests of the whole cluster change by ${change}.`]], page, {indent: 2, least: 0})
			: []),
	]
}
