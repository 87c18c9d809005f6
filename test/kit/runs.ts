import {list} from "../../installer/sandbox/index.ts"
import {processId} from "../../installer/sandbox/proc/process-id.ts"

/** Names of the sandboxes of the test run of process `run`. `pattern` finds in a name the process whose it is. */
export const sandboxesOf = (run: number, pattern: RegExp): readonly string[] =>
	sandboxes(pattern).flatMap((one) => (one.run === run ? [one.name] : []))

/** Names of the sandboxes of test runs that were killed. */
export const orphans = (pattern: RegExp): readonly string[] =>
	sandboxes(pattern).flatMap(({name, run}) => (processId(run) === undefined ? [name] : []))

function sandboxes(pattern: RegExp): readonly {readonly name: string; readonly run: number}[] {
	return list().flatMap(({name}) => {
		const run = pattern.exec(name)?.[1]
		return run === undefined ? [] : [{name, run: Number(run)}]
	})
}
