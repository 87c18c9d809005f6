import {fileURLToPath} from "node:url"
import {parse} from "yaml"
import {runProgram} from "../../installer/program.ts"
import {openSession} from "../../installer/session.ts"
import type {Plan} from "../../operator/plan/types.ts"

export const folder = new URL("./", import.meta.url)

/** What `heddle plan --from-files NAME/input --output yaml` prints, and what it says beside it. */
type Answer = {readonly printed: string; readonly said: readonly string[]}

/** Runs the program within this process: starting one for each of hundreds of cases would take minutes. */
export async function answerTo(name: string): Promise<Answer> {
	const printed: string[] = []
	const said: string[] = []
	const {session} = openSession({output: "yaml", colour: false, input: false})
	await runProgram({
		argv: ["plan", "--output", "yaml", "--from-files", fileURLToPath(new URL(`${name}/input`, folder))],
		session: {
			...session,
			print: (text) => void printed.push(`${text}\n`),
			say: (text) => void said.push(text),
		},
		onTimeout: () => {},
	})
	return {printed: printed.join(""), said}
}

export const planIn = (text: string): Plan => parse(text, {version: "1.1"}) as Plan
