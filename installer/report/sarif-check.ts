import {checks} from "../checks/catalogue.ts"
import type {CheckReport} from "../checks/report.ts"
import type {Severity} from "../checks/types.ts"
import {exit} from "../exit.ts"
import type {Places} from "../input/places.ts"
import {type Level, sarifOf} from "./sarif.ts"

const levels: Readonly<Record<Severity, Level>> = {error: "error", warning: "warning", info: "note"}

/** Findings as results; what was not looked at as notifications, since it is neither good nor bad. */
export function checkSarif(report: CheckReport, places: Places): string {
	return sarifOf({
		category: "check",
		rules: checks.map(({id, title, doc, fix, severity}) => ({
			id,
			title,
			doc,
			fix,
			level: levels[severity],
			page: `docs/checks.md#${id}`,
		})),
		findings: report.checks.flatMap(({id, severity, findings}) =>
			findings.map(({message, object}) => ({
				rule: id,
				level: levels[severity],
				message,
				objects: object === undefined ? [] : [object],
				place: object === undefined ? undefined : places(object),
			})),
		),
		notifications: report.checks
			.filter(({state}) => state === "notRun")
			.map(({id, evidence}) => ({id, level: "note", message: `not run: ${evidence}`})),
		exitCode: report.ok ? exit.done : exit.refused,
	})
}
