import {standingOf} from "./board.ts"
import {just, type Next, refused} from "./next.ts"
import {underCursor} from "./scroll.ts"
import type {Binding, State} from "./state.ts"

const current = ({board, scrolls}: State): Binding | undefined => underCursor(board.bindings, scrolls.board)

/** Pauses what moves; lets go on what is held. */
export function holdOrGoOn(state: State): Next {
	const binding = current(state)
	if (binding === undefined) return refused(state, "No migration is known.")
	const {held, running, namespace} = standingOf(binding)
	if (!held && !running) return refused(state, `Nothing moves in ${namespace}.`)
	const text = held ? `Letting ${namespace} go on…` : `Holding ${namespace} after its current workload…`
	return just({...state, notice: {tone: "dim", text}}, {type: "hold", namespace, hold: !held})
}

export function rollBack(state: State): Next {
	const namespace = state.screen === "detail" ? state.detail?.namespace : current(state)?.metadata.namespace
	const binding = state.board.bindings.find(({metadata}) => metadata.namespace === namespace)
	const migration = binding?.status?.migration
	if (namespace === undefined || migration === undefined)
		return refused(
			state,
			`Heddle has not migrated ${namespace ?? "anything"}: there is nothing to go back to.`,
		)
	const label = `Return ${namespace} from ${migration.to ?? "where it is"} to ${migration.from ?? "where it was"}?`
	return just({...state, prompt: {kind: "confirm", about: {type: "roll-back", namespace}, label}})
}

const givenUp: ReadonlySet<string> = new Set(["RolledBack", "Failed", "Holding"])

export function retry(state: State): Next {
	const binding = current(state)
	if (binding === undefined) return refused(state, "No migration is known.")
	const {state: stands, namespace} = standingOf(binding)
	if (!givenUp.has(stands)) return refused(state, `${namespace} has not given up.`)
	return just(
		{...state, notice: {tone: "dim", text: `Asking for ${namespace} once more…`}},
		{type: "retry", namespace},
	)
}
