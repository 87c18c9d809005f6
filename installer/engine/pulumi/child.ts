import type {EngineEvent, Stack} from "@pulumi/pulumi/automation/index.js"
import {stringify} from "yaml"
import {tellOfHelm} from "../../infra/charts/helm.ts"
import {type Answer, jobFrom} from "../child-protocol.ts"
import type {InstallEvent} from "../events.ts"
import {program} from "../program.ts"
import type {Job} from "./job.ts"
import {freed} from "./lock.ts"
import {withPlugin} from "./plugin.ts"
import {problemOf} from "./problem.ts"
import {InstallationRecord, prepared, recordIn, secretsIn} from "./record.ts"
import {redactor} from "./redact.ts"
import {foundStack, openStack} from "./stack.ts"
import {plannedChange, translate} from "./translate.ts"

/*
 * Runs one operation of Pulumi's engine and ends. A process of its own: an inline program that fails may end its
 * process (pulumi#10744) or hang it (pulumi#14980), and the terminal of whoever asked has to survive both.
 */

const words = redactor(process.env)
const lineOf = (message: Answer) => `${JSON.stringify(message)}\n`
const answer = (message: Answer) => void process.stdout.write(lineOf(message))
/** The last word; whatever Pulumi still holds open, it ends when that is through. */
const close = (message: Answer) => process.stdout.write(lineOf(message), () => process.exit(0))
const tell = (event: InstallEvent) => answer({type: "event", event})

const fail = (error: unknown) => void close({type: "problem", problem: problemOf(error, words)})
process.on("unhandledRejection", fail)
process.on("uncaughtException", fail)
// Whoever asked may be gone: the engine is still to end in order, and to leave no lock.
process.stdout.on("error", () => {})

tellOfHelm(tell)

const ending = new AbortController()
const end = () => ending.abort(new Error("interrupted"))
process.on("SIGINT", end)

try {
	await run((await jobFrom(process.stdin, end)) as Job)
	close({type: "done"})
} catch (error) {
	fail(error)
}

async function run(job: Job): Promise<void> {
	const {operation, installation, leaving} = job
	if (operation === "read" || operation === "forget") return await withFound(job, await foundStack(job))
	const stack = await openStack(job, async () => {
		new InstallationRecord(job.stack, {installation: stringify(installation), leaving})
		await program(installation)
	})
	await withPlugin(stack.workspace, tell)
	const waiting = {patienceMs: job.lockPatienceMs, signal: ending.signal, tell}
	await freed(stack, waiting, () => operate(stack, job))
}

async function withFound({operation, stack: name}: Job, stack: Stack | undefined): Promise<void> {
	if (stack === undefined) return
	if (operation === "forget") return await stack.workspace.removeStack(name, {force: true})
	const record = recordIn(await stack.exportStack())
	if (record !== undefined) answer({type: "recorded", record})
}

async function operate(stack: Stack, {operation, leaving}: Job): Promise<void> {
	const common = {signal: ending.signal, color: "never", onOutput: () => {}} as const
	if (operation === "preview") {
		await lookAnew(stack)
		const events: EngineEvent[] = []
		await stack.preview({...common, onEvent: (event) => void events.push(event)})
		for (const event of events) for (const log of translate(event, words)) if (log.type === "log") tell(log)
		return tell({type: "plan", changes: events.flatMap(plannedChange)})
	}
	const onEvent = (event: EngineEvent) => {
		for (const told of translate(event, words)) tell(told)
	}
	if (leaving.length > 0) await stack.importStack(prepared(await stack.exportStack(), leaving))
	if (operation === "destroy") await stack.destroy({...common, onEvent, excludeProtected: true})
	else await stack.up({...common, onEvent})
}

/** What somebody changed or deleted behind Pulumi's back is to be put right, too. */
async function lookAnew(stack: Stack): Promise<void> {
	const exclude = secretsIn(await stack.exportStack())
	await stack.refresh({signal: ending.signal, color: "never", onOutput: () => {}, exclude})
}
