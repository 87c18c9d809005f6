import type {Effect} from "./effect.ts"
import type {State} from "./state.ts"

/** What an event leads to: the next state, and what is to be done in the world. */
export type Next = {readonly state: State; readonly effects: readonly Effect[]}

export const just = (state: State, ...effects: readonly Effect[]): Next => ({state, effects})

/** The same, with a line for the person who pressed a key that cannot do what it says right now. */
export const refused = (state: State, text: string, fix?: string): Next =>
	just({...state, notice: {tone: "warn", text, ...(fix === undefined ? {} : {fix})}})

/** Why nothing can be written right now. */
export const notUp = ({link}: State): string =>
	link.state === "lost" ? "The cluster cannot be reached right now." : "The cluster is still being looked at."
