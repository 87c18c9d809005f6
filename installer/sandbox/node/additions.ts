import {SandboxError} from "../errors.ts"
import {type Session, save, sizeOf} from "../session.ts"
import type {State} from "../state.ts"
import type {Addition} from "./addition.ts"
import {ambient} from "./ambient/index.ts"

const additions: readonly Addition[] = [ambient]

/** What a node was made with. */
export const additionsOf = ({additions: made = []}: State): readonly Addition[] =>
	additions.filter(({name}) => made.includes(name))

/**
 * Looks, once for every node, which additions it can have. A node that has one does not go on without it when its
 * program is gone.
 */
export async function chooseAdditions(session: Session, env: NodeJS.ProcessEnv = process.env): Promise<void> {
	const {state, onEvent} = session
	if (sizeOf(state) !== "node") return
	const made = state.additions
	const wanted = made === undefined ? additions.filter((one) => one.isFor(state)) : additionsOf(state)
	if (wanted.length === 0) return
	const looked = await Promise.all(wanted.map(async (one) => ({one, missing: await one.missing(env)})))
	for (const {one, missing} of looked) {
		if (missing === undefined) continue
		if (made !== undefined)
			throw new SandboxError(`sandbox ${state.name} was made with ${one.title}`, missing)
		onEvent({type: "step", id: one.name, title: `Add ${one.title}`, state: "skipped", note: missing})
	}
	const found = looked.filter(({missing}) => missing === undefined)
	state.additions = found.map(({one}) => one.name)
	save(session)
}
