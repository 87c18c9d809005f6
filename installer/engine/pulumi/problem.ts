import {CommandError, ConcurrentUpdateError} from "@pulumi/pulumi/automation/index.js"
import {messageOf} from "../../abort.ts"
import type {Problem} from "../child-protocol.ts"
import {problemOfProgram} from "../program-problem.ts"
import {holderIn} from "./lock.ts"

/** What went wrong, told without a secret. */
export function problemOf(error: unknown, words: (text: string) => string): Problem {
	if (error instanceof ConcurrentUpdateError) {
		return {
			code: "AnotherInstall",
			message: "another update of the stack is under way",
			details: [words(holderIn(messageOf(error)) ?? "")],
			fix: "Wait until it is through, or give it longer with --wait-for-lock. If it was killed on another machine, take the lock off with pulumi cancel.",
		}
	}
	const text = words(messageOf(error))
	if (/passphrase/i.test(text)) {
		return {
			code: "PassphraseMissing",
			message: "the stack's secrets cannot be opened: its passphrase is missing or wrong",
			fix: "Set PULUMI_CONFIG_PASSPHRASE_FILE to a file that holds it, or PULUMI_CONFIG_PASSPHRASE.",
		}
	}
	const program = problemOfProgram(error)
	if (program.code !== "Bug") return {...program, message: words(program.message)}
	if (!(error instanceof CommandError) && !(error instanceof Error && error.cause instanceof CommandError))
		return {...program, message: text}
	const lines = text.split("\n").filter((line) => /error:/i.test(line))
	return {
		code: "PulumiFailed",
		message: lines[0]?.trim() ?? text.split("\n")[0] ?? "pulumi failed",
		details: lines.slice(1, 10).map((line) => line.trim()),
		fix: "Run the same command again: Pulumi goes on where it stopped.",
	}
}
