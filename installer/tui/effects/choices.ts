import {listContexts} from "../../../operator/kube/config.ts"
import {ConfigError} from "../../../operator/kube/config-error.ts"
import type {Flags} from "../../flags.ts"
import {list} from "../../sandbox/status.ts"
import type {Event} from "../model/event.ts"
import type {Choice} from "../model/state.ts"
import {problemOf} from "./problem.ts"

/** Everything that may be looked at: the contexts, the sandboxes of this machine, and one that could be started. */
export async function findChoices({kubeconfig}: Flags): Promise<Extract<Event, {type: "choices"}>> {
	const sandboxes = sandboxChoices()
	try {
		const contexts = (await listContexts({kubeconfig})).map((one): Choice => ({kind: "context", ...one}))
		const sorted = contexts.sort((a, b) => Number(isCurrent(b)) - Number(isCurrent(a)))
		return {type: "choices", choices: [...sorted, ...sandboxes]}
	} catch (error) {
		if (!(error instanceof ConfigError)) throw error
		return {type: "choices", choices: sandboxes, problem: problemOf(error)}
	}
}

const isCurrent = (choice: Choice) => choice.kind === "context" && choice.current

function sandboxChoices(): readonly Choice[] {
	const known = list().map(
		({name, state, nodes = 0, kubeconfig}): Choice => ({
			kind: "sandbox",
			name,
			state,
			nodes,
			...(kubeconfig === undefined ? {} : {kubeconfig}),
		}),
	)
	return known.some(({name}) => name === "default")
		? known
		: [...known, {kind: "sandbox", name: "default", state: "absent", nodes: 0}]
}
