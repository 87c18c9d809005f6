import {messageOf} from "../abort.ts"
import {SourceError} from "../infra/charts/source-error.ts"
import {ArgumentError} from "../infra/recipe.ts"
import {SandboxError} from "../sandbox/errors.ts"
import type {Problem} from "./child-protocol.ts"

/** What a program could not do, as what a person can do about it; anything else is a bug of ours. */
export function problemOfProgram(error: unknown): Problem {
	const message = messageOf(error)
	if (error instanceof ArgumentError) return {code: "InvalidInput", message, details: error.details}
	if (error instanceof SourceError)
		return {code: "SourceMissing", message, fix: error.fix, nextSteps: error.nextSteps}
	if (error instanceof SandboxError)
		return {code: "ProgramMissing", message: message.split("\n")[0] ?? message, fix: error.next}
	return {code: "Bug", message: error instanceof Error ? (error.stack ?? message) : message}
}
