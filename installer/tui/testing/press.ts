import {plain} from "../../report/style.ts"
import type {KeyName} from "../keys/map.ts"
import {textOf} from "../keys/read.ts"
import type {Effect} from "../model/effect.ts"
import type {Event} from "../model/event.ts"
import type {State} from "../model/state.ts"
import {update} from "../model/update.ts"
import {frameOf} from "../views/frame.ts"

const size = {columns: 100, rows: 30}

/** Presses keys one after the other, each on what is on the screen then. Returns the state, and every effect. */
export function press(first: State, keys: readonly KeyName[]): {state: State; effects: readonly Effect[]} {
	return keys.reduce<{state: State; effects: readonly Effect[]}>(
		({state, effects}, key) => {
			const {extent} = frameOf(state, size, {style: plain, frame: 0})
			const next = update(state, {type: "key", key, text: textOf(key), extent})
			return {state: next.state, effects: [...effects, ...next.effects]}
		},
		{state: first, effects: []},
	)
}

/** Keys of a text that is typed. */
export const typed = (text: string): readonly KeyName[] =>
	[...text].map((character) => (character === " " ? "space" : character))

export function happen(first: State, events: readonly Event[]): {state: State; effects: readonly Effect[]} {
	let state = first
	const effects: Effect[] = []
	for (const event of events) {
		const next = update(state, event)
		state = next.state
		effects.push(...next.effects)
	}
	return {state, effects}
}
