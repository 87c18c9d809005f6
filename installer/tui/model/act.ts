import type {Action} from "../keys/map.ts"
import {holdOrGoOn, retry, rollBack} from "./act-board.ts"
import {adopt, install, uninstall, upgrade} from "./act-install.ts"
import {askForModule, openModule} from "./act-module.ts"
import {openChoice, planSelected, stepDetail, toDetail} from "./act-open.ts"
import {accept, leaveOut, save, showDiff, start, target} from "./act-plan.ts"
import {withoutCluster} from "./initial.ts"
import {leaveOrAsk, quit} from "./leave.ts"
import {backFrom, opened, switched} from "./navigate.ts"
import {just, type Next, refused} from "./next.ts"
import {type Move, moveCursor, moveText, underCursor} from "./scroll.ts"
import type {Extent, ScreenName, State} from "./state.ts"
import {arranged, nextSort, toggled, toggledAll} from "./table.ts"

type Handler = (state: State, extent: Extent) => Next

/** What each action does. Where it does several things, the screen decides. */
const handlers: Readonly<Record<Action, Handler>> = {
	up: moving("up"),
	down: moving("down"),
	"page-up": moving("page-up"),
	"page-down": moving("page-down"),
	first: moving("first"),
	last: moving("last"),
	open: (state, extent) => opens[state.screen]?.(state, extent) ?? just(state),
	back,
	help: (state) => just({...state, help: true, scrolls: {...state.scrolls, help: {top: 0, cursor: 0}}}),
	quit,
	interrupt: (state) => leaveOrAsk(state, 130),
	suspend: (state) => just(state, {type: "suspend"}),
	namespaces: (state) => just(switched(state, "namespaces")),
	board: (state) => just(switched(state, "board")),
	dataplanes: (state) => just(switched(state, "dataplanes")),
	modules: (state) => just(switched(state, "modules")),
	summary: (state) => just(switched(state, "summary")),
	select,
	"select-all": (state) => just({...state, table: toggledAll(state.table)}),
	filter: (state) =>
		just({
			...state,
			prompt: {kind: "text", about: "filter", label: "filter", value: state.table.filter},
		}),
	sort: (state) => just({...state, table: nextSort(state.table), scrolls: topOf(state)}),
	reverse: (state) =>
		just({
			...state,
			table: arranged({...state.table, reversed: !state.table.reversed}),
			scrolls: topOf(state),
		}),
	system: (state) =>
		just({...state, table: arranged({...state.table, system: !state.table.system}), scrolls: topOf(state)}),
	plan: planSelected,
	earlier: (state) => stepDetail(state, -1),
	later: (state) => stepDetail(state, 1),
	start,
	diff: showDiff,
	accept,
	target,
	save,
	"leave-out": leaveOut,
	install,
	upgrade,
	uninstall,
	adopt,
	inspect: askForModule,
	pause: holdOrGoOn,
	"roll-back": rollBack,
	retry,
	reload: (state) => just(state, {type: "list-choices"}),
}

export function act(state: State, action: Action, extent: Extent): Next {
	return handlers[action](state, extent)
}

const opens: Readonly<Partial<Record<ScreenName, Handler>>> = {
	welcome: openChoice,
	discovery: (state) => just(switched(state, "namespaces")),
	namespaces: toDetail,
	modules: openModule,
	board: (state) => {
		const binding = underCursor(state.board.bindings, state.scrolls.board)
		const namespace = binding?.metadata.namespace
		return namespace === undefined
			? just(state)
			: just({...opened(state, "detail"), detail: {namespace}}, {type: "explain", namespace})
	},
}

const withCursor: ReadonlySet<ScreenName> = new Set([
	"welcome",
	"namespaces",
	"plan",
	"board",
	"dataplanes",
	"modules",
])

function moving(move: Move): Handler {
	return (state, extent) => {
		const scroll = state.scrolls[state.screen]
		const next = withCursor.has(state.screen)
			? moveCursor(scroll, move, extent)
			: moveText(scroll, move, extent)
		return just({...state, scrolls: {...state.scrolls, [state.screen]: next}})
	}
}

const topOf = ({scrolls}: State) => ({...scrolls, namespaces: {top: 0, cursor: 0}})

function select(state: State, extent: Extent): Next {
	const row = underCursor(state.table.view, state.scrolls.namespaces)
	if (row === undefined) return just(state)
	if (row.system !== undefined)
		return refused(state, `${row.namespace} is never moved: ${row.system.replace(/^It /, "it ")}`)
	return moving("down")({...state, table: toggled(state.table, row.namespace)}, extent)
}

/** Esc takes back one thing at a time: a filter, a selection, then the screen. */
function back(state: State): Next {
	if (state.screen === "namespaces") {
		if (state.table.filter !== "")
			return just({...state, table: arranged({...state.table, filter: ""}), scrolls: topOf(state)})
		if (state.table.selected.size > 0)
			return just({...state, table: {...state.table, selected: new Set<string>()}})
	}
	const below = backFrom(state)
	if (below === undefined) return refused(state, "There is nothing before this; q leaves.")
	if (below.screen === "welcome")
		return just(withoutCluster(below), {type: "disconnect"}, {type: "list-choices"})
	return just(below)
}
