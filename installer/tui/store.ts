import type {Effect} from "./model/effect.ts"
import type {Event} from "./model/event.ts"
import type {State} from "./model/state.ts"
import {update} from "./model/update.ts"

/** The one state of the program, and who wants to hear that it changed. */
export type Store = {
	state(): State
	dispatch(event: Event): void
	subscribe(listener: () => void): () => void
}

export function makeStore(first: State, perform: (effect: Effect) => void): Store {
	let state = first
	const listeners = new Set<() => void>()
	return {
		state: () => state,
		dispatch(event) {
			const next = update(state, event)
			const changed = next.state !== state
			state = next.state
			if (changed) for (const listener of listeners) listener()
			for (const effect of next.effects) perform(effect)
		},
		subscribe(listener) {
			listeners.add(listener)
			return () => listeners.delete(listener)
		},
	}
}
