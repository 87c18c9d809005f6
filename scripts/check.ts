import {availableParallelism} from "node:os"
import {checks} from "./checks.ts"
import {runCheck} from "./run-check.ts"

const waiting = [...checks]
const failures: string[] = []

async function work(): Promise<void> {
	for (let check = waiting.shift(); check; check = waiting.shift()) {
		const {ok, output} = await runCheck(check)
		console.log(`${ok ? "✓" : "✗"} ${check.name}`)
		if (!ok) failures.push(`\n✗ ${check.name}: ${check.command.join(" ")}\n${output}`)
	}
}

await Promise.all(Array.from({length: availableParallelism()}, work))
for (const failure of failures) console.error(failure)
process.exitCode = failures.length > 0 ? 1 : 0
