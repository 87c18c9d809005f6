import {explain} from "../../../operator/kube/explain.ts"
import {AbortError, messageOf} from "../../abort.ts"
import {SandboxError} from "../../sandbox/errors.ts"
import type {Problem} from "../model/state.ts"

/** Any failure as two lines: what is so, and what to do about it. */
export function problemOf(error: unknown): Problem {
	if (error instanceof AbortError) {
		const [detail] = error.details
		const message = detail === undefined ? error.message : `${error.message}: ${detail}`
		const fix = [error.tryMessage, ...error.nextSteps].filter((part) => part !== undefined).join(" ")
		return fix === "" ? {message} : {message, fix}
	}
	if (error instanceof SandboxError) return {message: error.message.split("\n")[0] ?? "", fix: error.next}
	const told = explain(error)
	if (told !== undefined) return {message: told.message, fix: told.next}
	return {message: messageOf(error)}
}
