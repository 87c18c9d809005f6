import {lookOf} from "./act-module.ts"
import {standingOf} from "./board.ts"
import type {State} from "./state.ts"

/** Whether something on the screen works right now, so that its spinner has to turn. */
export function isBusy(state: State): boolean {
	switch (state.screen) {
		case "welcome":
			return state.choices === undefined
		case "discovery":
			return state.checks.some((check) => check.state === "running")
		case "namespaces":
			return state.table.moving || (state.table.view.length === 0 && state.table.pending > 0)
		case "detail":
			return state.detail?.plan === undefined
		case "plan":
			return state.plan === undefined
		case "board":
			return state.board.bindings.some((binding) => standingOf(binding).state === "Running")
		case "module":
			return lookOf(state)?.state === "running"
		case "install":
			return state.job?.state === "running" || state.job?.state === "stopping"
		default:
			return false
	}
}
