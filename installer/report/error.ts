import {AbortError, messageOf} from "../abort.ts"
import type {ExitCode} from "../exit.ts"
import {exit} from "../exit.ts"
import type {Page} from "./layout.ts"
import {paragraph} from "./layout.ts"

/** How a command ended other than well; what stdout carries with `--output json`. */
export type Failure = {
	readonly apiVersion: "heddle.dev/v1alpha1"
	readonly kind: "Error"
	readonly code: string
	readonly message: string
	readonly details: readonly string[]
	readonly fix?: string
	readonly nextSteps?: readonly string[]
	readonly exitCode: ExitCode
}

/** Anything but an AbortError is a bug of ours. */
export function failureOf(error: unknown): Failure {
	const base = {apiVersion: "heddle.dev/v1alpha1", kind: "Error"} as const
	if (!(error instanceof AbortError)) {
		const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
		return {
			...base,
			code: "Bug",
			message: `This is a bug in heddle: ${messageOf(error)}`,
			details: stack
				.split("\n")
				.slice(1)
				.map((line) => line.trim()),
			fix: "Report it with the lines above, the output of `heddle version`, and the command that you ran.",
			exitCode: exit.bug,
		}
	}
	return {
		...base,
		code: error.code,
		message: error.message,
		details: error.details,
		...(error.tryMessage === undefined ? {} : {fix: error.tryMessage}),
		...(error.nextSteps.length === 0 ? {} : {nextSteps: error.nextSteps}),
		exitCode: error.exit,
	}
}

export function failureText(failure: Failure, page: Page): string {
	return [
		...paragraph({text: "✕", tone: "bad"}, {text: failure.message}, page),
		...failure.details.flatMap((line) => paragraph({text: "·"}, {text: line, tone: "dim"}, page, 2)),
		...(failure.fix === undefined
			? []
			: paragraph({text: "fix:", tone: "strong"}, {text: failure.fix}, page, 2)),
		...(failure.nextSteps ?? []).flatMap((line) =>
			paragraph({text: "$"}, {text: line, tone: "accent"}, page, 2),
		),
	].join("\n")
}
