import {AbortError} from "../abort.ts"
import {exit} from "../exit.ts"

/** What was asked for cannot be had, or is not what it claims to be: exit code 3, as of a module that is refused. */
export const refused = (
	code: "CannotFetch" | "NoModule" | "NotProved",
	message: string,
	tryMessage?: string,
): AbortError =>
	new AbortError(code, message, {exit: exit.refused, ...(tryMessage === undefined ? {} : {tryMessage})})
