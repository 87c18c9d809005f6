import {tellOfHelm} from "../infra/charts/helm.ts"
import {type Answer, jobFrom} from "./child-protocol.ts"
import {evaluate} from "./evaluate.ts"
import type {Installation} from "./installation.ts"
import {ordered} from "./ordered.ts"
import {program} from "./program.ts"
import {problemOfProgram} from "./program-problem.ts"

/*
 * Evaluates one installation and ends. A process of its own, since Pulumi keeps the state of a program in globals and
 * ends the process when something goes wrong out of its sight.
 */

const answer = (message: Answer) => void process.stdout.write(`${JSON.stringify(message)}\n`)

tellOfHelm((event) => answer({type: "event", event}))
try {
	const installation = (await jobFrom(process.stdin, () => process.exit(1))) as Installation
	const declared = await evaluate(() => program(installation), installation.metadata.name)
	answer({type: "placed", placed: ordered(declared)})
} catch (error) {
	answer({type: "problem", problem: problemOfProgram(error)})
}
