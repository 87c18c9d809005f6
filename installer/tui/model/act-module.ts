import {opened} from "./navigate.ts"
import {just, type Next, refused} from "./next.ts"
import {underCursor} from "./scroll.ts"
import type {Asked, Look, State} from "./state.ts"

/** An address may be pinned by one digest here and by another there: that is two questions. */
export const lookKey = ({url, sha256 = ""}: Pick<Asked, "url" | "sha256">): string => `${url} ${sha256}`

export const lookOf = ({asked, looks}: State): Look | undefined =>
	asked === undefined ? undefined : looks[lookKey(asked)]

/** Enter on a module: what it is and which hosts run it. Looked at once, and again after a failure. */
export function openModule(state: State): Next {
	const module = underCursor(state.modules, state.scrolls.modules)
	return module === undefined
		? refused(state, "No profile names a module.", "i looks at one by its address")
		: looking(state, module)
}

export function looking(state: State, asked: Asked): Next {
	const shown = {...opened(state, "module"), asked}
	const known = state.looks[lookKey(asked)]
	if (known !== undefined && known.state !== "failed") return just(shown)
	const looks = {...state.looks, [lookKey(asked)]: {state: "running"} as const}
	return just({...shown, looks}, {type: "inspect", asked})
}

export const askForModule = (state: State): Next =>
	just({
		...state,
		prompt: {kind: "text", about: "inspect", label: "file, https://… or oci://…", value: ""},
	})
