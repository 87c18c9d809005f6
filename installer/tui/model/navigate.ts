import {atTop} from "./scroll.ts"
import type {ScreenName, State} from "./state.ts"

/** The next screen, above the one that is left. A screen that is open already is returned to. */
export function opened(state: State, screen: ScreenName): State {
	if (state.screen === screen) return state
	const at = state.trail.indexOf(screen)
	const trail = at < 0 ? [...state.trail, state.screen] : state.trail.slice(0, at)
	const scrolls = at < 0 ? {...state.scrolls, [screen]: atTop} : state.scrolls
	return {...state, screen, trail, scrolls, help: false}
}

/** One of the screens that a number opens: they stand side by side above the namespaces. */
export function switched(state: State, screen: ScreenName): State {
	if (state.screen === screen) return state
	const below = state.trail.filter((one) => one === "welcome")
	const trail: ScreenName[] = screen === "namespaces" ? below : [...below, "namespaces"]
	return {...state, screen, trail, help: false}
}

/** The screen beneath; undefined when there is none. */
export function backFrom(state: State): State | undefined {
	const below = state.trail.at(-1)
	return below === undefined
		? undefined
		: {...state, screen: below, trail: state.trail.slice(0, -1), help: false}
}
