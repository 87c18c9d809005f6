import type {EngineEvent, Stack} from "@pulumi/pulumi/automation/index.js"
import {stringify} from "yaml"
import {messageOf} from "../../abort.ts"
import {tellOfHelm} from "../../infra/charts/helm.ts"
import type {Answer} from "../child-protocol.ts"
import type {InstallEvent} from "../events.ts"
import {program} from "../program.ts"
import type {Job} from "./job.ts"
import {problemOf} from "./problem.ts"
import {redactor} from "./redact.ts"
import {freed, openStack, withPlugin} from "./stack.ts"
import {plannedChange, translate} from "./translate.ts"

/*
 * Runs one operation of Pulumi's engine and ends. A process of its own: an inline program that fails may end its
 * process (pulumi#10744) or hang it (pulumi#14980), and the terminal of whoever asked has to survive both.
 */

const words = redactor(process.env)
const answer = (message: Answer) => void process.stdout.write(`${JSON.stringify(message)}\n`)
const tell = (event: InstallEvent) => answer({type: "event", event})

function fail(error: unknown): never {
	answer({type: "problem", problem: problemOf(error, words)})
	process.exit(0)
}
process.on("unhandledRejection", fail)
process.on("uncaughtException", fail)

tellOfHelm(tell)

const ending = new AbortController()
process.on("SIGINT", () => ending.abort(new Error("interrupted")))

process.stdin.setEncoding("utf8")
let text = ""
for await (const chunk of process.stdin) text += chunk
try {
	await run(JSON.parse(text) as Job)
	answer({type: "done"})
	process.exit(0)
} catch (error) {
	fail(error)
}

async function run(job: Job): Promise<void> {
	const {installation, operation} = job
	const stack = await openStack(job, async () => {
		await program(installation)
		return {installation: stringify(installation)}
	})
	if (operation === "read") return answer({type: "recorded", text: await recorded(stack)})
	await withPlugin(stack, tell)
	await freed(stack, tell, () => operate(stack, operation))
}

async function recorded(stack: Stack): Promise<string> {
	const outputs = await stack.outputs()
	return String(outputs.installation?.value ?? "")
}

async function operate(stack: Stack, operation: Exclude<Job["operation"], "read">): Promise<void> {
	const common = {signal: ending.signal, color: "never", onOutput: () => {}} as const
	if (operation === "preview") {
		const events: EngineEvent[] = []
		await stack.preview({...common, onEvent: (event) => void events.push(event)})
		for (const event of events) for (const log of translate(event, words)) if (log.type === "log") tell(log)
		return tell({type: "plan", changes: events.flatMap(plannedChange)})
	}
	const onEvent = (event: EngineEvent) => {
		for (const told of translate(event, words)) tell(told)
	}
	if (operation === "destroy") await stack.destroy({...common, onEvent, excludeProtected: true})
	else
		await stack
			.up({...common, onEvent})
			.catch((error: unknown) => fail(new Error(messageOf(error), {cause: error})))
}
