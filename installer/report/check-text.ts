import {plural} from "../../profiles/names.ts"
import type {CheckReport} from "../checks/report.ts"
import type {CheckResult, Severity} from "../checks/types.ts"
import {groups} from "../checks/types.ts"
import type {Page} from "./layout.ts"
import {paragraph} from "./layout.ts"
import type {Mark} from "./verdict.ts"

/** Findings of one check that are shown; JSON holds all. */
const shown = 5

const failed: Readonly<Record<Severity, Mark>> = {
	error: {sign: "✕", word: "failed", tone: "bad"},
	warning: {sign: "‼", word: "warning", tone: "warn"},
	info: {sign: "·", word: "note", tone: "dim"},
}
const passed: Mark = {sign: "✓", word: "passed", tone: "ok"}
const notRun: Mark = {sign: "–", word: "not run", tone: "dim"}

const markOf = ({state, severity}: CheckResult): Mark =>
	state === "passed" ? passed : state === "notRun" ? notRun : failed[severity]

/** Every check with what it saw, group by group; what failed with its fix and the page that explains it. */
export function checkText(report: CheckReport, page: Page): string {
	const sections = groups.flatMap((group) => {
		const results = report.checks.filter((one) => one.group === group)
		return results.length === 0
			? []
			: [page.style("strong", group), ...results.flatMap((one) => lines(one, page)), ""]
	})
	return [...sections, ...summary(report, page)].join("\n")
}

function lines(result: CheckResult, page: Page): readonly string[] {
	const {sign, tone} = markOf(result)
	const tail = result.state === "notRun" ? `not run: ${result.evidence}` : result.evidence
	const head = paragraph({text: sign, tone}, {text: `${result.title} (${tail})`}, page, 2)
	if (result.state !== "failed") return head
	const rest = result.findings.length - shown
	const fixes = [...new Set(result.findings.slice(0, shown).map(({fix}) => fix ?? result.fix))]
	return [
		...head,
		...result.findings
			.slice(0, shown)
			.flatMap(({message}) => paragraph({text: "-", tone}, {text: message}, page, 4)),
		...(rest > 0 ? paragraph({text: "…"}, {text: `${rest} more: --output json`, tone: "dim"}, page, 4) : []),
		...fixes.flatMap((fix) => paragraph({text: "fix:", tone: "dim"}, {text: fix}, page, 6)),
		...paragraph({text: "see", tone: "dim"}, {text: result.doc, tone: "dim"}, page, 6),
	]
}

function summary({counts, checks, ok, strict}: CheckReport, page: Page): readonly string[] {
	const of = (severity: Severity) =>
		checks.filter((one) => one.state === "failed" && one.severity === severity).length
	const parts = [
		`${counts.passed} passed`,
		...(of("error") > 0 ? [`${of("error")} failed`] : []),
		...(of("warning") > 0 ? [plural(of("warning"), "warning")] : []),
		...(of("info") > 0 ? [plural(of("info"), "note")] : []),
		...(counts.notRun > 0 ? [`${counts.notRun} not run`] : []),
	]
	const strictly = strict && !ok && of("error") === 0 ? " (--strict: warnings fail)" : ""
	return paragraph(
		{text: ok ? "✓" : "✕", tone: ok ? "ok" : "bad"},
		{text: `${plural(checks.length, "check")}: ${parts.join(", ")}${strictly}`},
		page,
	)
}
