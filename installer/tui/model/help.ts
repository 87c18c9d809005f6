import {actionOf, type KeyName} from "../keys/map.ts"
import {leaveOrAsk} from "./leave.ts"
import {just, type Next} from "./next.ts"
import {isMove, moveText} from "./scroll.ts"
import type {Extent, State} from "./state.ts"

/** Keys while the help is shown: it scrolls, and everything else puts it away. */
export function helpKey(state: State, key: KeyName, extent: Extent): Next {
	const action = actionOf("detail", key)
	if (isMove(action)) {
		const help = moveText(state.scrolls.help, action, extent)
		return just({...state, scrolls: {...state.scrolls, help}})
	}
	if (action === "interrupt") return leaveOrAsk(state, 130)
	if (action === "quit") return just({...state, help: false})
	return just({...state, help: false})
}
