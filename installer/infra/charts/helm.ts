import {execFile} from "node:child_process"
import {binary} from "../../sandbox/bin/catalogue.ts"
import {resolve} from "../../sandbox/bin/resolve.ts"
import {messageOf} from "../../sandbox/errors.ts"
import type {OnEvent} from "../../sandbox/events.ts"
import {SourceError} from "./source-error.ts"

/** Enough for the CRDs of any mesh. */
const mostBytes = 64 << 20

let found: Promise<string> | undefined
let onEvent: OnEvent = () => {}

/** Whoever evaluates a program is told what goes on while Helm is fetched or built. */
export function tellOfHelm(listener: OnEvent): void {
	onEvent = listener
}

/** Where Helm is: named, installed, had, fetched or built, like every other program. Looked for once. */
function helmPath(): Promise<string> {
	found ??= resolve(binary("helm"), {onEvent}).then(({path}) => path)
	found.catch(() => {
		found = undefined
	})
	return found
}

/** Runs Helm to its end. @throws SourceError with the last of what it said */
export async function helm(args: readonly string[], input = ""): Promise<string> {
	const path = await helmPath()
	return await new Promise((done, fail) => {
		const child = execFile(path, args, {maxBuffer: mostBytes}, (error, stdout, stderr) => {
			if (error === null) done(stdout)
			else fail(failed(args, stderr, error))
		})
		child.stdin?.on("error", () => {}) // it may fail before it reads what it is given
		child.stdin?.end(input)
	})
}

function failed(args: readonly string[], stderr: string, cause: Error): SourceError {
	const lines = stderr
		.split("\n")
		.map((line) => line.trim())
		.filter((line) => line !== "" && !line.startsWith("WARNING"))
	return new SourceError(
		`helm ${args[0]} failed: ${lines.slice(-3).join(" ") || messageOf(cause)}`,
		"Run the same command by hand to see all that Helm says.",
		{nextSteps: [`helm ${args.join(" ")}`], cause},
	)
}
