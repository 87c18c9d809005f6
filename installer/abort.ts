import type {ExitCode} from "./exit.ts"
import {exit} from "./exit.ts"

type Advice = {
	readonly exit?: ExitCode
	/** The one thing that most likely helps. */
	readonly tryMessage?: string
	/** Commands or pages to go on with. */
	readonly nextSteps?: readonly string[]
	/** What is wrong, one by one, when the message sums up. */
	readonly details?: readonly string[]
	readonly cause?: unknown
}

/** An end that a person can act on, as opposed to a bug. `code` is a stable CamelCase name. */
export class AbortError extends Error {
	override name = "AbortError"
	readonly code: string
	readonly exit: ExitCode
	readonly tryMessage: string | undefined
	readonly nextSteps: readonly string[]
	readonly details: readonly string[]

	constructor(code: string, message: string, advice: Advice = {}) {
		super(message, {cause: advice.cause})
		this.code = code
		this.exit = advice.exit ?? exit.usage
		this.tryMessage = advice.tryMessage
		this.nextSteps = advice.nextSteps ?? []
		this.details = advice.details ?? []
	}
}

/** Input that a person gave is wrong: exit code 2. */
export function invalidInput(message: string, advice: Omit<Advice, "exit"> = {}): AbortError {
	return new AbortError("InvalidInput", message, {...advice, exit: exit.usage})
}

export function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error)
}
