import {draftOf} from "./draft.ts"
import {emptyFlow} from "./flow.ts"
import {opened} from "./navigate.ts"
import {just, type Next, refused} from "./next.ts"
import {underCursor} from "./scroll.ts"
import type {State} from "./state.ts"

/** Enter on the welcome: look at the cluster, or start the sandbox first. */
export function openChoice(state: State): Next {
	const choice = underCursor(state.choices ?? [], state.scrolls.welcome)
	if (choice === undefined) return just(state)
	if (choice.kind === "sandbox" && choice.state !== "running") {
		const flags = choice.name === "default" ? "" : ` --name ${choice.name}`
		const job = {
			kind: "sandbox",
			title: `The sandbox ${choice.name}`,
			names: [choice.name],
			state: "running",
			flow: emptyFlow,
			command: `sandbox up --operator${flags}`,
		} as const
		return just({...opened(state, "install"), job}, {type: "sandbox-up", name: choice.name})
	}
	const connecting = {...opened(state, "discovery"), link: {state: "connecting", since: state.now}} as const
	return just(connecting, {type: "connect", choice})
}

/** Enter on a namespace. */
export function toDetail(state: State): Next {
	const row = underCursor(state.table.view, state.scrolls.namespaces)
	if (row === undefined) return just(state)
	const {namespace} = row
	return just({...opened(state, "detail"), detail: {namespace}}, {type: "explain", namespace})
}

/** The detail of the row before or after, in the order of the table. */
export function stepDetail(state: State, by: 1 | -1): Next {
	const at = state.table.view.findIndex(({namespace}) => namespace === state.detail?.namespace)
	const row = state.table.view[at + by]
	if (at < 0 || row === undefined)
		return refused(state, by > 0 ? "This is the last one." : "This is the first one.")
	const {namespace} = row
	const {namespaces, detail} = state.scrolls
	const scrolls = {
		...state.scrolls,
		namespaces: {...namespaces, cursor: at + by},
		detail: {...detail, top: 0, cursor: 0},
	}
	return just({...state, detail: {namespace}, scrolls}, {type: "explain", namespace})
}

/** Plans a move of what is selected, else of what the cursor or the detail is on. */
export function planSelected(state: State): Next {
	const {table, scrolls, screen, detail} = state
	const current =
		screen === "detail" ? detail?.namespace : underCursor(table.view, scrolls.namespaces)?.namespace
	const chosen = table.selected.size > 0 && screen !== "detail" ? [...table.selected] : [current ?? ""]
	const rows = chosen.flatMap((name) => table.rows.get(name) ?? [])
	const system = rows.find((row) => row.system !== undefined)
	if (rows.length === 0) return just(state)
	if (system !== undefined)
		return refused(state, `${system.namespace} is never moved: ${system.system?.replace(/^It /, "it ")}`)
	const draft = draftOf({
		namespaces: rows.map(({namespace}) => namespace),
		profiles: state.profiles,
		planes: state.planes,
		decided: rows.every(({profile}) => profile !== undefined),
	})
	const {plan, diff, draftYaml, ...rest} = state
	return just({...opened(rest, "plan"), draft}, {type: "plan", draft})
}
