import {createInterface} from "node:readline"
import {AbortError} from "../abort.ts"
import {exit} from "../exit.ts"
import type {Flags} from "../flags.ts"
import type {Session} from "../session.ts"

/** Comes back when a person agreed. @throws AbortError when nobody can be asked, or when the answer is no */
export async function consent(session: Session, flags: Flags, question: string): Promise<void> {
	if (flags.yes === true) return
	if (!session.asks) {
		throw new AbortError("ConsentNeeded", "nothing was changed: nobody is there to ask for consent", {
			exit: exit.usage,
			tryMessage: "Give consent with --yes, or look first with --dry-run.",
		})
	}
	if (/^y(es)?$/i.test((await ask(`${question} [y/N] `, session.signal)).trim())) return
	throw new AbortError("Declined", "nothing was changed: the answer was not yes", {exit: exit.refused})
}

/** A line of standard input; empty when it is closed. */
function ask(question: string, signal: AbortSignal): Promise<string> {
	const lines = createInterface({input: process.stdin, output: process.stderr})
	return new Promise((resolve, reject) => {
		lines.once("close", () => resolve(""))
		// On a terminal readline takes Ctrl-C for itself.
		lines.once("SIGINT", () => process.kill(process.pid, "SIGINT"))
		signal.addEventListener("abort", () => reject(signal.reason), {once: true})
		lines.question(question, resolve)
	}).finally(() => lines.close()) as Promise<string>
}
