import {actionOf, type KeyName} from "../keys/map.ts"
import {leaveOrAsk} from "./leave.ts"
import {just, type Next} from "./next.ts"
import {type Move, moveText} from "./scroll.ts"
import type {Extent, State} from "./state.ts"

const moves: ReadonlySet<string> = new Set(["up", "down", "page-up", "page-down", "first", "last"])

/** Keys while the help is shown: it scrolls, and everything else puts it away. */
export function helpKey(state: State, key: KeyName, extent: Extent): Next {
	const action = actionOf("detail", key)
	if (action !== undefined && moves.has(action)) {
		const help = moveText(state.scrolls.help, action as Move, extent)
		return just({...state, scrolls: {...state.scrolls, help}})
	}
	if (action === "interrupt") return leaveOrAsk(state, 130)
	if (action === "quit") return just({...state, help: false})
	return just({...state, help: false})
}
