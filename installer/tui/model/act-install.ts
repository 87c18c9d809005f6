import {isComponentName} from "../../engine/component-names.ts"
import {emptyFlow} from "./flow.ts"
import {opened} from "./navigate.ts"
import {just, type Next, notUp, refused} from "./next.ts"
import type {State} from "./state.ts"

/** Installs the dataplane under the cursor; from discovery, Heddle's own CRDs and operator. */
export function install(state: State): Next {
	if (state.job?.state === "running" || state.job?.state === "asking" || state.job?.state === "stopping")
		return refused(state, `${state.job.title} is under way.`)
	if (state.link.state !== "up") return refused(state, notUp(state))
	if (state.screen === "discovery")
		return started(state, {names: ["operator"], title: "Install Heddle's operator", adopt: false})
	const plane = state.planes[state.scrolls.dataplanes.cursor]
	if (plane === undefined) return just(state)
	if (plane.revision !== undefined)
		return refused(
			state,
			`${plane.name} is installed.`,
			`heddle upgrade ${plane.name} brings it to a newer version`,
		)
	if (!isComponentName(plane.name))
		return refused(state, `Heddle does not install ${plane.name}.`, "its own documentation tells how")
	return started(state, {names: [plane.name], title: `Install ${plane.name}`, adopt: false})
}

/** After a refusal because somebody else installed it: the same once more, taking it over. It asks before it writes. */
export function adopt(state: State): Next {
	const {job} = state
	const owned = job?.flow.diagnostics.some(({code}) => code === "OwnedByAnother") === true
	if (job?.state !== "failed" || !owned) return refused(state, "There is nothing to take over.")
	return started(state, {names: job.names, title: job.title, adopt: true})
}

type Starting = {readonly names: readonly string[]; readonly title: string; readonly adopt: boolean}

function started(state: State, {names, title, adopt}: Starting): Next {
	const command = `install ${names.join(" ")}${adopt ? " --adopt" : ""}`
	const job = {kind: "install", title, names, state: "running", flow: emptyFlow, command} as const
	return just({...opened(state, "install"), job}, {type: "install", names, adopt})
}
