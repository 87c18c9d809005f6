import type {Failure} from "./error.ts"
import {sarifOf} from "./sarif.ts"

/** A run that could not do its work: no results, and a notification that says why. */
export function failureSarif({code, message, details, fix, exitCode}: Failure): string {
	const said = [message, ...details, ...(fix === undefined ? [] : [fix])].join("\n")
	return sarifOf({
		category: "failure",
		rules: [],
		findings: [],
		notifications: [{id: code, level: "error", message: said}],
		exitCode,
		completed: false,
	})
}
