import {plural} from "../../../profiles/names.ts"
import type {CheckResult} from "../../checks/types.ts"
import type {Check, Finding} from "../model/state.ts"

/** One group of the catalogue as a line, with what failed beneath it. */
export function groupCheck(group: string, results: readonly CheckResult[]): Check {
	const failed = results.filter(({state}) => state === "failed")
	const passed = results.filter(({state}) => state === "passed").length
	const notRun = results.filter(({state}) => state === "notRun")
	const note = [
		...(passed === 0 ? [] : [`${plural(passed, "check")} passed`]),
		...(failed.length === 0 ? [] : [`${failed.length} to look at`]),
		...(notRun.length === 0 ? [] : [`${notRun.length} not run`]),
	].join(", ")
	return {id: group, title: group, state: stateOf(failed, passed), note, findings: failed.flatMap(findingsOf)}
}

function stateOf(failed: readonly CheckResult[], passed: number): Check["state"] {
	if (failed.some(({severity}) => severity === "error")) return "bad"
	if (failed.some(({severity}) => severity === "warning")) return "warn"
	return passed === 0 ? "none" : "ok"
}

/** Many findings of one check have one cause: the first tells it, and the rest are counted. */
function findingsOf({severity, title, findings, fix, id}: CheckResult): readonly Finding[] {
	const [first, ...more] = findings
	if (first === undefined) return []
	const rest = more.length === 0 ? "" : ` (and ${more.length} more)`
	return [{id, severity, text: `${title}: ${first.message}${rest}`, fix: first.fix ?? fix}]
}
