import type {Command} from "commander"
import type {ExitCode} from "../exit.ts"
import {exit} from "../exit.ts"
import {printDocument} from "../report/document.ts"
import type {Session} from "../session.ts"
import {bashCompletion} from "../shells/bash.ts"
import {fishCompletion} from "../shells/fish.ts"
import {type Grammar, grammarOf} from "../shells/grammar.ts"
import {zshCompletion} from "../shells/zsh.ts"

const shells = {bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion} satisfies Record<
	string,
	(root: Grammar) => string
>
type Shell = keyof typeof shells

/** Prints a script that makes a shell complete commands, flags, choices, and what `heddle __complete` knows. */
export async function completion(session: Session, program: Command, shell: Shell): Promise<ExitCode> {
	const script = shells[shell](grammarOf(program))
	const document = {apiVersion: "heddle.dev/v1alpha1", kind: "Completion", shell, script}
	await printDocument(session, document, () => script.trimEnd())
	return exit.done
}
