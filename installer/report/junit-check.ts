import {type CheckReport, fails} from "../checks/report.ts"
import {type CheckResult, groups} from "../checks/types.ts"
import type {Places} from "../input/places.ts"
import {type Case, junitOf} from "./junit.ts"

/** A suite per group and a case per check. Findings that do not fail the run are told and fail no case. */
export function checkJUnit(report: CheckReport, places: Places): string {
	const suites = groups.map((group) => ({
		name: group,
		cases: report.checks.filter((one) => one.group === group).map((one) => caseOf(one, report, places)),
	}))
	return junitOf(
		"heddle check",
		suites.filter(({cases}) => cases.length > 0),
	)
}

function caseOf(result: CheckResult, {strict}: CheckReport, places: Places): Case {
	const {id, title, state, evidence, severity, fix, doc} = result
	const base = {name: title, className: `heddle.check.${id}`}
	if (state === "notRun") return {...base, skipped: `not run: ${evidence}`}
	if (state === "passed") return {...base, output: evidence}
	const objects = result.findings.flatMap(({object}) => object ?? [])
	const place = objects.map(places).find((one) => one !== undefined)
	const lines = [...result.findings.map(({message}) => message), `fix: ${fix}`, `see ${doc}`]
	if (!fails(result, strict)) return {...base, place, output: [`${severity}:`, ...lines].join("\n")}
	const [first] = result.findings
	const more = result.findings.length - 1
	const message = `${first?.message ?? title}${more > 0 ? ` and ${more} more` : ""}`
	return {...base, place, failure: {type: severity, message, text: lines.join("\n")}}
}
