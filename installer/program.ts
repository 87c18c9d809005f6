import type {CommanderError} from "commander"
import {invalidInput} from "./abort.ts"
import {canDraw} from "./commands/can-draw.ts"
import {declareCommands} from "./commands/declare.ts"
import {usage} from "./commands/usage.ts"
import type {ExitCode} from "./exit.ts"
import {exit} from "./exit.ts"
import type {Flags} from "./flags.ts"
import {nameOf, rootCommand} from "./root-command.ts"
import type {Output, Session} from "./session.ts"

type Run = {readonly argv: readonly string[]; readonly session: Session; readonly onTimeout: () => void}

/** Understands the arguments and runs one command. @throws AbortError */
export async function runProgram({argv, session, onTimeout}: Run): Promise<ExitCode> {
	if (argv.includes("--version") && !argv.slice(0, argv.indexOf("--version")).includes("--")) {
		return (await import("./commands/version.ts")).version(session)
	}
	const written: string[] = []
	const problems: string[] = []
	let code: ExitCode = exit.done
	const program = rootCommand(nameOf(process.argv[1]))
		.configureHelp({showGlobalOptions: true, helpWidth: session.page.columns})
		.configureOutput({
			writeOut: (text) => void written.push(text),
			writeErr: (text) => void problems.push(text),
		})
		.exitOverride()
	declareCommands(program, async (flags, run, formats = []) => {
		requireFormat(session, formats)
		const stop = startTimer(flags, onTimeout)
		code = await run(session, flags).finally(stop)
	})
	try {
		await program.parseAsync(argv, {from: "user"})
	} catch (error) {
		if (!isCommanderError(error)) throw error
		const bare = error.code === "commander.help" && program.args.length === 0
		if (error.exitCode !== 0 && !bare) throw usage(error, problems.join(""), program)
		if (bare && canDraw(session)) {
			const stop = startTimer(program.opts(), onTimeout)
			return await (await import("./commands/tui.ts")).tui(session, program.opts()).finally(stop)
		}
		written.push(...problems)
	}
	if (written.length > 0) await printHelp(session, written.join(""))
	return code
}

/** Refused before anything is done: a command that wrote and then could not say so would be worse. */
function requireFormat({output}: Session, formats: readonly Output[]): void {
	const known: readonly Output[] = ["text", "json", "yaml", ...formats]
	if (known.includes(output)) return
	throw invalidInput(`this command does not print ${output}`, {tryMessage: `It prints ${known.join(", ")}.`})
}

function startTimer(flags: Flags, onTimeout: () => void): () => void {
	if (flags.timeout === undefined) return () => {}
	const timer = setTimeout(onTimeout, flags.timeout)
	timer.unref()
	return () => clearTimeout(timer)
}

const isCommanderError = (error: unknown): error is CommanderError =>
	error instanceof Error &&
	"code" in error &&
	typeof error.code === "string" &&
	error.code.startsWith("commander.")

async function printHelp(session: Session, text: string): Promise<void> {
	if (session.output !== "json" && session.output !== "yaml") return session.print(text.trimEnd())
	const {printDocument} = await import("./report/document.ts")
	await printDocument(session, {apiVersion: "heddle.dev/v1alpha1", kind: "Help", text}, () => text)
}
