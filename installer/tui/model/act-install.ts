import {emptyFlow} from "./flow.ts"
import {type Item, inventory, isInstallable, isThere} from "./inventory.ts"
import {isTakeover, isUnderWay} from "./job.ts"
import {opened} from "./navigate.ts"
import {just, type Next, notUp, refused} from "./next.ts"
import {underCursor} from "./scroll.ts"
import type {InstallFlow, State} from "./state.ts"

/**
 * Installs what is under the cursor; from discovery, Heddle's own CRDs and operator. What Heddle's record has already is
 * gone on with, where a run was stopped, and put right where somebody changed it. What another tool brought is looked at
 * all the same: the preview says what taking it over would change, and stops there.
 */
export function install(state: State): Next {
	if (state.screen === "discovery")
		return started(state, {flow: "install", names: ["operator"], what: "Heddle's operator"})
	const item = current(state)
	return item === undefined
		? just(state)
		: started(state, {flow: "install", names: [item.name], what: item.name})
}

export const upgrade = changing("upgrade")
export const uninstall = changing("uninstall")

/** Of what Heddle has installed itself: nothing else is in its record. */
function changing(flow: Exclude<InstallFlow, "install">) {
	return (state: State): Next => {
		const item = current(state)
		if (item === undefined) return just(state)
		if (state.components === undefined)
			return refused(
				state,
				"What Heddle has installed is not known: its record was not read.",
				"reading ConfigMaps in heddle-system has to be allowed",
			)
		if (isInstallable(item) && item.component?.recorded !== true)
			return refused(
				state,
				isThere(item) === true ? `Heddle did not install ${item.name}.` : `${item.name} is not installed.`,
				isThere(item) === true ? "i shows what taking it over would change" : "i installs it",
			)
		return started(state, {flow, names: [item.name], what: item.name})
	}
}

const current = (state: State): Item | undefined => underCursor(inventory(state), state.scrolls.dataplanes)

/** After a refusal because somebody else installed it: the same once more, taking it over. It asks before it writes. */
export function adopt(state: State): Next {
	const {job} = state
	if (job === undefined || !isTakeover(state)) return refused(state, "There is nothing to take over.")
	return started(state, {flow: "install", names: job.names, what: job.what ?? job.title, adopt: true})
}

type Starting = {
	readonly flow: InstallFlow
	readonly names: readonly string[]
	readonly what: string
	readonly adopt?: boolean
}

const verbs: Readonly<Record<InstallFlow, string>> = {
	install: "Install",
	upgrade: "Upgrade",
	uninstall: "Uninstall",
}

function started(state: State, {flow, names, what, adopt = false}: Starting): Next {
	if (isUnderWay(state)) return refused(state, `${state.job?.title} is under way.`)
	if (state.link.state !== "up") return refused(state, notUp(state))
	const [name = ""] = names
	if (!isInstallable({name}))
		return refused(state, `Heddle does not install ${name}.`, "its own documentation tells how")
	const job = {
		kind: flow,
		title: `${verbs[flow]} ${what}`,
		what,
		names,
		state: "running",
		flow: emptyFlow,
		command: `${flow} ${names.join(" ")}${adopt ? " --adopt" : ""}`,
	} as const
	return just({...opened(state, "install"), job}, {type: "install", flow, names, adopt})
}
