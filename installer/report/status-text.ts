import {plural} from "../../profiles/names.ts"
import type {Page, Row} from "./layout.ts"
import {rowLines, table} from "./layout.ts"
import {reasonLines} from "./plan-text.ts"
import type {NamespaceStatus, Status} from "./status-document.ts"
import type {Mark} from "./verdict.ts"
import {placeName} from "./verdict.ts"

const marks: Readonly<Record<string, Mark>> = {
	UpToDate: {sign: "✓", word: "up to date", tone: "ok"},
	Migrating: {sign: "↻", word: "migrating", tone: "accent"},
	RollingBack: {sign: "↺", word: "rolling back", tone: "warn"},
	RolledBack: {sign: "↺", word: "rolled back", tone: "warn"},
	Holding: {sign: "‖", word: "holding", tone: "warn"},
	Held: {sign: "‖", word: "held", tone: "warn"},
	Paused: {sign: "‖", word: "paused", tone: "warn"},
	AwaitingApproval: {sign: "?", word: "awaits approval", tone: "warn"},
	NeedsAcceptance: {sign: "‼", word: "needs acceptance", tone: "warn"},
	Blocked: {sign: "✕", word: "blocked", tone: "bad"},
	MigrationFailed: {sign: "✕", word: "failed", tone: "bad"},
}
const other: Mark = {sign: "·", word: "", tone: "dim"}

const finished: ReadonlySet<string> = new Set(["Done", "Skipped", "Undone"])

/** One line per namespace: where it is, where it goes, and what it is doing about it. */
export function statusText({namespaces}: Status, page: Page): string {
	if (namespaces.length === 0)
		return "No namespace has a MeshBinding: no MeshProfile selects one, or no operator has looked yet."
	const head: Row = ["", "NAMESPACE", "NOW", "GOAL", "STATE"].map((text) => ({text, tone: "dim"}))
	const ready = namespaces.filter((one) => one.ready === "True").length
	return [
		...rowLines([head, ...namespaces.map(row)], page).flat(),
		"",
		`${plural(namespaces.length, "namespace")}, ${ready} where they are to be`,
	].join("\n")
}

/** A namespace in one line, for a log: where it is, where it goes, and what it is doing about it. */
export function statusLine(status: NamespaceStatus): string {
	const {from, to, reason, message} = status
	const goal = to === null || to.dataplane === from.dataplane ? "" : ` → ${placeName(to)}`
	const {word} = marks[reason] ?? other
	return `${status.namespace}: ${placeName(from)}${goal}, ${word === "" ? reason : word}${stepCount(status)}: ${message}`
}

function row(status: NamespaceStatus): Row {
	const {sign, word, tone} = marks[status.reason] ?? other
	const says = word === "" ? status.reason : word
	return [
		{text: sign, tone},
		{text: status.namespace, tone: "strong"},
		placeName(status.from),
		status.to === null ? "–" : placeName(status.to),
		`${says}${stepCount(status)}: ${status.message}`,
	]
}

function stepCount({steps, migration}: NamespaceStatus): string {
	if (migration === undefined || steps.length === 0 || migration.finishedAt !== undefined) return ""
	return ` (step ${Math.min(steps.length, steps.filter(({state}) => finished.has(state)).length + 1)} of ${steps.length})`
}

const stepSigns: Readonly<Record<string, Mark>> = {
	Pending: {sign: "·", word: "", tone: "dim"},
	Running: {sign: "↻", word: "", tone: "accent"},
	Done: {sign: "✓", word: "", tone: "ok"},
	Failed: {sign: "✕", word: "", tone: "bad"},
	Undone: {sign: "↺", word: "", tone: "warn"},
	Skipped: {sign: "-", word: "", tone: "dim"},
}

/** One namespace with its reasons, its steps and its past. */
export function namespaceStatusText(status: NamespaceStatus, page: Page): string {
	const section = (name: string, lines: readonly string[]) =>
		lines.length === 0 ? [] : ["", page.style("strong", name), ...lines]
	const steps = status.steps.map((step): Row => {
		const {sign, tone} = stepSigns[step.state] ?? other
		return [
			{text: sign, tone},
			step.action,
			step.object ?? "",
			step.note === "" ? step.state : `${step.state}: ${step.note}`,
		]
	})
	const past = status.history.map(
		(one): Row => [
			one.finishedAt ?? "",
			one.state,
			`${one.from ?? "?"} → ${one.to ?? "?"}`,
			one.message ?? "",
		],
	)
	return [
		...rowLines([row(status)], page).flat(),
		...section(
			"Reasons",
			status.reasons.flatMap((reason) => reasonLines(reason, page, 2)),
		),
		...section(
			status.migration === undefined
				? "Steps"
				: `Migration ${status.migration.id}, ${status.migration.state}`,
			table(steps, page, {indent: 2}),
		),
		...section(
			"Conditions",
			table(
				status.conditions.map((one): Row => [one.type, one.status, `${one.reason}: ${one.message}`]),
				page,
				{indent: 2},
			),
		),
		...section("Past", table(past, page, {indent: 2})),
	].join("\n")
}
