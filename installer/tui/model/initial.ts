import {emptyBoard} from "./board.ts"
import {atTop} from "./scroll.ts"
import {type ScreenName, type State, screens} from "./state.ts"
import {emptyTable} from "./table.ts"

const tops = () => Object.fromEntries([...screens, "help"].map((name) => [name, atTop])) as State["scrolls"]

/** Before anything is known. `first` is the discovery when the command line names the cluster. */
export function initialState(now: number, first: Extract<ScreenName, "welcome" | "discovery">): State {
	return {
		screen: first,
		trail: [],
		help: false,
		now,
		noticeAt: now,
		scrolls: tops(),
		...nothingKnown,
		link: first === "discovery" ? {state: "connecting", since: now} : {state: "none"},
		deeds: [],
		leaving: false,
	}
}

const nothingKnown = {
	link: {state: "none"},
	checks: [],
	discovered: false,
	planes: [],
	table: emptyTable,
	profiles: [],
	board: emptyBoard,
	modules: [],
	looks: {},
} as const satisfies Partial<State>

/** The same session, before another cluster. */
export function withoutCluster(state: State): State {
	const {cluster, components, asked, detail, draft, plan, diff, draftYaml, notice, ...rest} = state
	return {...rest, ...nothingKnown}
}
