import {messageOf} from "../abort.ts"
import {tellOfHelm} from "../infra/charts/helm.ts"
import {SourceError} from "../infra/charts/source-error.ts"
import {ArgumentError} from "../infra/recipe.ts"
import {SandboxError} from "../sandbox/errors.ts"
import type {Answer, Problem} from "./child-protocol.ts"
import {evaluate} from "./evaluate.ts"
import {ordered} from "./ordered.ts"
import {program} from "./program.ts"

/*
 * Evaluates one installation and ends. A process of its own, since Pulumi keeps the state of a program in globals and
 * ends the process when something goes wrong out of its sight.
 */

function answer(message: Answer): void {
	process.stdout.write(`${JSON.stringify(message)}\n`)
}

function problemOf(error: unknown): Problem {
	const message = messageOf(error)
	if (error instanceof ArgumentError) return {code: "InvalidInput", message, details: error.details}
	if (error instanceof SourceError)
		return {code: "SourceMissing", message, fix: error.fix, nextSteps: error.nextSteps}
	if (error instanceof SandboxError)
		return {code: "ProgramMissing", message: message.split("\n")[0] ?? message, fix: error.next}
	return {code: "Bug", message: error instanceof Error ? (error.stack ?? message) : message}
}

tellOfHelm((event) => answer({type: "event", event}))
process.stdin.setEncoding("utf8")
let text = ""
for await (const chunk of process.stdin) text += chunk
try {
	const {metadata, ...rest} = JSON.parse(text)
	const declared = await evaluate(() => program({metadata, ...rest}), metadata.name)
	answer({type: "placed", placed: ordered(declared)})
} catch (error) {
	answer({type: "problem", problem: problemOf(error)})
}
