import type {ExitCode} from "./exit.ts"
import {exit} from "./exit.ts"
import type {Page} from "./report/layout.ts"
import {styleFor} from "./report/style.ts"
import {columnsOf} from "./report/width.ts"

export const outputs = ["text", "json", "yaml", "sarif", "junit", "markdown"] as const
export type Output = (typeof outputs)[number]

/** One run of one command: where its words go, and when it has to end. */
export type Session = {
	readonly output: Output
	/** How to lay out what goes to standard output. */
	readonly page: Page
	/** How to lay out talk, which goes to standard error. */
	readonly talk: Page
	/** Standard error is a terminal: a line may be rewritten. */
	readonly live: boolean
	/** A question may be asked. */
	readonly asks: boolean
	/** Aborted by Ctrl-C, by SIGTERM, and when `--timeout` has passed. */
	readonly signal: AbortSignal
	/** Ends with the newline of its own. */
	print(text: string): void
	say(text: string): void
}

/** Why a session was aborted, with the exit code that it ends with. */
export type Ending = {readonly code: "Interrupted" | "Terminated" | "TimedOut"; readonly exit: ExitCode}

type SessionOptions = {readonly output: Output; readonly colour: boolean; readonly input: boolean}

export function openSession({output, colour, input}: SessionOptions): {
	session: Session
	end(ending: Ending): void
} {
	const {stdout, stderr, stdin, env} = process
	const controller = new AbortController()
	const pageOf = (stream: NodeJS.WriteStream): Page => ({
		columns: columnsOf(stream, env),
		style: styleFor({flag: colour, env, isTTY: stream.isTTY === true}),
	})
	const session: Session = {
		output,
		page: pageOf(stdout),
		talk: pageOf(stderr),
		live: stderr.isTTY === true && env.TERM !== "dumb",
		asks: input && stdin.isTTY === true && stderr.isTTY === true,
		signal: controller.signal,
		print: (text) => void stdout.write(`${text}\n`),
		say: (text) => void stderr.write(`${text}\n`),
	}
	return {session, end: (ending) => controller.abort(ending)}
}

export const endings = {
	interrupted: {code: "Interrupted", exit: exit.interrupted},
	terminated: {code: "Terminated", exit: exit.interrupted},
	timedOut: {code: "TimedOut", exit: exit.timedOut},
} as const satisfies Record<string, Ending>

/** Why the session has to end, when it has to. */
export function endingOf(signal: AbortSignal): Ending | undefined {
	return signal.aborted ? (signal.reason as Ending) : undefined
}
