import {isUnderWay} from "./job.ts"
import {just, type Next} from "./next.ts"
import type {State} from "./state.ts"

/** A person asks to leave with `q`. What the operator does goes on; what runs here has to be stopped first. */
export function quit(state: State): Next {
	if (!isUnderWay(state)) return just(state, {type: "exit", code: 0})
	const label = `${state.job?.title} is under way. Stop it after its current step and leave?`
	return just({...state, prompt: {kind: "confirm", about: {type: "leave"}, label}})
}

/** Ctrl-C or a signal: the first stops what runs here in order, the second leaves at once. */
export function leaveOrAsk(state: State, code: 0 | 130): Next {
	if (!isUnderWay(state) || state.leaving) return just(state, {type: "exit", code})
	const {job, prompt, ...rest} = state
	return just(
		{
			...rest,
			leaving: true,
			...(job === undefined ? {} : {job: {...job, state: "stopping"}}),
			notice: {tone: "warn", text: "Stopping after the current step; ^C again leaves at once."},
		},
		{type: "stop-job"},
	)
}
