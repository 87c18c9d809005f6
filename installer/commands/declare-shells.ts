import type {Command} from "commander"
import {Argument} from "commander"
import type {ExitCode} from "../exit.ts"
import type {Flags} from "../flags.ts"
import type {Session} from "../session.ts"
import {asked} from "../shells/asked.ts"

type Start = (flags: Flags, run: (session: Session, flags: Flags) => Promise<ExitCode>) => Promise<void>

/** Declares what makes a shell know the program: completion, the manual page, and the words that only a run knows. */
export function declareShells(program: Command, start: Start): void {
	program
		.command("completion")
		.description("print a script that makes a shell complete commands, flags and names")
		.addArgument(new Argument("<shell>", "the shell").choices(["bash", "zsh", "fish"]))
		.action(function (this: Command, shell: "bash" | "zsh" | "fish") {
			return start(this.optsWithGlobals(), async (session) =>
				(await import("./completion.ts")).completion(session, program, shell),
			)
		})
	program
		.command("man")
		.description("print the manual page, for man -l - or a folder man1")
		.action(function (this: Command) {
			return start(this.optsWithGlobals(), async (session) =>
				(await import("./man.ts")).man(session, program),
			)
		})
	program
		.command("__complete", {hidden: true})
		.addArgument(new Argument("<what>", "what to list").choices(asked))
		.action(function (this: Command, what: (typeof asked)[number]) {
			return start(this.optsWithGlobals(), async (session, flags) =>
				(await import("./complete.ts")).complete(session, flags, what),
			)
		})
}
