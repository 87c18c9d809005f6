import type {InstallEvent} from "./events.ts"
import type {Placed} from "./ordered.ts"

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
	/** The installation that a stack keeps, as YAML; empty when it keeps none. */
	| {readonly type: "recorded"; readonly text: string}
	| {readonly type: "done"}
