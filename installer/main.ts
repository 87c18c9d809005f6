import {AbortError} from "./abort.ts"
import {early} from "./early.ts"
import type {ExitCode} from "./exit.ts"
import {exit} from "./exit.ts"
import {runProgram} from "./program.ts"
import {printFailure} from "./report/document.ts"
import {failureOf, failureText} from "./report/error.ts"
import type {Ending, Session} from "./session.ts"
import {endingOf, endings, openSession} from "./session.ts"

const argv = process.argv.slice(2)
const {session, end} = openSession(early(argv))

/** The reader of a pipe went away, as `head` does: there is nobody left to talk to. */
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
	process.exit(error.code === "EPIPE" ? exit.done : exit.bug)
})
process.stderr.on("error", () => {})

/** The first signal lets the command end in order; the second ends it at once, since every step is recorded. */
function endOn(signal: "SIGINT" | "SIGTERM", ending: Ending): void {
	process.on(signal, () => {
		if (session.signal.aborted) process.exit(exit.interrupted)
		end(ending)
	})
}
endOn("SIGINT", endings.interrupted)
endOn("SIGTERM", endings.terminated)

process.exitCode = await run()
process.stdout.write("", () => process.exit())

async function run(): Promise<ExitCode> {
	try {
		return await runProgram({argv, session, onTimeout: () => end(endings.timedOut)})
	} catch (error) {
		return await fail(session, error)
	}
}

async function fail(session: Session, error: unknown): Promise<ExitCode> {
	const failure = failureOf(error instanceof AbortError ? error : (abortedBy(session.signal) ?? error))
	if (session.output === "text") session.say(failureText(failure, session.talk))
	else await printFailure(session, failure)
	return failure.exitCode
}

/** Whatever failed after the session had to end failed because of it. */
function abortedBy(signal: AbortSignal): AbortError | undefined {
	const ending = endingOf(signal)
	if (ending === undefined) return undefined
	const message = ending.code === "TimedOut" ? "timed out" : "interrupted"
	return new AbortError(ending.code, message, {
		exit: ending.exit,
		...(ending.code === "TimedOut"
			? {tryMessage: "Give it longer with --timeout, such as --timeout 10m."}
			: {}),
	})
}
