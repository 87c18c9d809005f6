import {createInterface} from "node:readline"
import type {InstallEvent} from "./events.ts"
import type {Placed} from "./ordered.ts"
import type {StackRecord} from "./pulumi/record.ts"

/** Why a program could not be evaluated or run, across the border of a process. */
export type Problem = {
	readonly code: string
	readonly message: string
	readonly details?: readonly string[]
	readonly fix?: string
	readonly nextSteps?: readonly string[]
}

/** One line of what a child process says. */
export type Answer =
	| {readonly type: "event"; readonly event: InstallEvent}
	| {readonly type: "placed"; readonly placed: readonly Placed[]}
	| {readonly type: "problem"; readonly problem: Problem}
	/** What a stack keeps; never said of a stack that keeps nothing. */
	| {readonly type: "recorded"; readonly record: StackRecord}
	| {readonly type: "done"}

/**
 * What a child is to do: the first line of its input. The input stays open as long as whoever asked is there; `onGone`
 * is called when it is not any more, however it ended.
 */
export async function jobFrom(input: typeof process.stdin, onGone: () => void): Promise<unknown> {
	const lines = createInterface({input})
	const line = await new Promise<string>((done, fail) => {
		lines.once("line", done)
		lines.once("close", () => fail(new Error("nobody said what to do")))
	})
	lines.once("close", onGone)
	// The child ends when its work is done, though the input is still open.
	input.unref()
	return JSON.parse(line) as unknown
}
