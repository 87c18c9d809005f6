import {tellOfHelm} from "../infra/charts/helm.ts"
import type {Answer} from "./child-protocol.ts"
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
process.stdin.setEncoding("utf8")
let text = ""
for await (const chunk of process.stdin) text += chunk
try {
	const installation = JSON.parse(text) as Installation
	const declared = await evaluate(() => program(installation), installation.metadata.name)
	answer({type: "placed", placed: ordered(declared)})
} catch (error) {
	answer({type: "problem", problem: problemOfProgram(error)})
}
