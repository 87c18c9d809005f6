import {spawn} from "node:child_process"
import {onTestFinished} from "vitest"
import {entry, withoutColour} from "./entry.ts"

export type Run = {readonly code: number | null; readonly stdout: string; readonly stderr: string}

export type RunOptions = {
	readonly input?: string
	readonly env?: Readonly<Record<string, string>>
	readonly cwd?: string
	readonly timeoutMs?: number
}

/** Runs `heddle` to its end, without a terminal. A run that takes too long is killed, and its code is null. */
export function heddle(args: readonly string[], options: RunOptions = {}): Promise<Run> {
	const {input = "", env = {}, cwd, timeoutMs = 60_000} = options
	return new Promise((done, fail) => {
		const child = spawn(process.execPath, [entry, ...args], {
			cwd,
			env: {...withoutColour(process.env), ...env},
			stdio: ["pipe", "pipe", "pipe"],
			timeout: timeoutMs,
			killSignal: "SIGKILL",
		})
		let stdout = ""
		let stderr = ""
		child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk))
		child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk))
		child.stdin.on("error", () => {}) // it may end without reading what it is given
		child.stdin.end(input)
		child.once("error", fail)
		child.once("close", (code) => done({code, stdout, stderr}))
		onTestFinished(() => {
			child.kill("SIGKILL")
		})
	})
}

/** With `--output json` stdout is one document: parsing it says so. */
export function jsonOf<T>({stdout}: Run): T {
	return JSON.parse(stdout) as T
}
