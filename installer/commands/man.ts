import {readFile} from "node:fs/promises"
import type {Command} from "commander"
import type {ExitCode} from "../exit.ts"
import {exit} from "../exit.ts"
import {printDocument} from "../report/document.ts"
import type {Session} from "../session.ts"
import {grammarOf} from "../shells/grammar.ts"
import {manualPage} from "../shells/roff.ts"

/** Prints the manual page as roff, for `man -l -` or a folder man1. */
export async function man(session: Session, program: Command): Promise<ExitCode> {
	const manifest: {version: string} = JSON.parse(
		await readFile(new URL("../../package.json", import.meta.url), "utf8"),
	)
	const page = manualPage(grammarOf(program), manifest.version)
	const document = {apiVersion: "heddle.dev/v1alpha1", kind: "ManualPage", page}
	await printDocument(session, document, () => page.trimEnd())
	return exit.done
}
