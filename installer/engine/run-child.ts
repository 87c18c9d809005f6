import {spawn} from "node:child_process"
import {createInterface} from "node:readline"
import {fileURLToPath} from "node:url"
import {AbortError} from "../abort.ts"
import {exit} from "../exit.ts"
import type {Answer, Problem} from "./child-protocol.ts"

type ChildOptions = {
	readonly file: URL
	readonly input: unknown
	readonly env?: Readonly<Record<string, string>>
	readonly signal: AbortSignal
	/** How long it has to end in order after the signal. */
	readonly graceMs?: number
	readonly onAnswer: (answer: Answer) => void
}

/** Runs a file of this folder as a process of its own until it ends. @throws AbortError when it says why it could not */
export async function runChild(options: ChildOptions): Promise<void> {
	const {file, input, env = {}, signal, graceMs = 2_000, onAnswer} = options
	signal.throwIfAborted()
	const path = fileURLToPath(file)
	const child = spawn(process.execPath, [path], {
		stdio: ["pipe", "pipe", "pipe"],
		env: {...process.env, ...env},
		// Ctrl-C of the terminal is ours to pass on: the child ends in order.
		detached: true,
	})
	let problem: Problem | undefined
	let said = ""
	child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
		said = (said + chunk).slice(-8_000)
	})
	child.stdin.on("error", () => {})
	// Left open: by its end the child knows that nobody waits for it any more, even after a kill -9.
	child.stdin.write(`${JSON.stringify(input)}\n`)
	const stop = stopper(
		() => child.kill("SIGINT"),
		() => child.kill("SIGKILL"),
		graceMs,
	)
	signal.addEventListener("abort", stop, {once: true})
	const ended = new Promise<{code: number | null; by: string | null}>((done, fail) =>
		child.once("error", fail).once("close", (code, by) => done({code, by})),
	)
	for await (const line of createInterface({input: child.stdout})) {
		const answer = JSON.parse(line) as Answer
		if (answer.type === "problem") problem = answer.problem
		else onAnswer(answer)
	}
	const {code, by} = await ended
	signal.removeEventListener("abort", stop)
	signal.throwIfAborted()
	if (problem !== undefined) throw errorOf(problem)
	if (by !== null) throw killed(by)
	if (code !== 0) throw new Error(`${path} ended with code ${code}: ${said.trim().slice(-2_000)}`)
}

function stopper(ask: () => void, kill: () => void, graceMs: number): () => void {
	return () => {
		ask()
		setTimeout(kill, graceMs).unref()
	}
}

/** As an out-of-memory killer does it: what it had begun is what a next run finds. */
function killed(signal: string): AbortError {
	return new AbortError("ChildKilled", `a process of Heddle was ended from outside (${signal})`, {
		exit: exit.stopped,
		tryMessage: "Run the same command again: it goes on where it stopped.",
	})
}

function errorOf({code, message, details = [], fix, nextSteps = []}: Problem): Error {
	if (code === "Bug") return new Error(message)
	return new AbortError(code, message, {
		exit: code === "InvalidInput" ? exit.usage : exit.refused,
		details,
		nextSteps,
		...(fix === undefined ? {} : {tryMessage: fix}),
	})
}
