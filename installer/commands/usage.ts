import type {Command, CommanderError} from "commander"
import {AbortError} from "../abort.ts"
import {exit} from "../exit.ts"

/** Commander's complaint about the arguments, as what a person can do about it. */
export function usage(error: CommanderError, said: string, program: Command): AbortError {
	if (error.code === "commander.help") return incomplete(said, program)
	const text = (said || error.message).replace(/^error: /, "").trim()
	const [message = text, ...more] = text.split("\n")
	const suggestion = /\(Did you mean (.+?)\?\)/.exec(more.join(" "))?.[1]
	return new AbortError("Usage", message, {
		exit: exit.usage,
		tryMessage:
			suggestion === undefined ? fixFor(error.code, message, program) : `Did you mean ${suggestion}?`,
		cause: error,
	})
}

/** A group of commands was named without one of them; commander answers with the group's help. */
function incomplete(help: string, program: Command): AbortError {
	const group = program.commands.find((command) =>
		help.startsWith(`Usage: ${program.name()} ${command.name()} `),
	)
	const names = group?.commands.map((command) => command.name()).join(", ") ?? ""
	return new AbortError("Usage", `heddle ${group?.name() ?? ""} needs a command`, {
		exit: exit.usage,
		tryMessage: `Use one of ${names}.`,
	})
}

function fixFor(code: string, message: string, program: Command): string {
	if (code === "commander.missingArgument")
		return "Put names before --from-files PATH..., which takes all paths that follow it; see --help."
	if (code === "commander.unknownCommand" || code === "commander.excessArguments") {
		return `Use one of ${program.commands.map((command) => command.name()).join(", ")}; see heddle --help.`
	}
	return message.includes("--timeout") ? "See heddle --help." : "See --help of the command."
}
