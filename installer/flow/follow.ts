import {setTimeout as sleep} from "node:timers/promises"
import type {MeshBinding as Binding} from "../../crds/generated.ts"
import {MeshBinding} from "../../operator/api/kinds.ts"
import {bindingName} from "../../operator/api/names.ts"
import type {Client} from "../../operator/kube/types.ts"
import {AbortError} from "../abort.ts"
import {progressOn} from "../report/progress.ts"
import type {Session} from "../session.ts"
import {endingOf} from "../session.ts"
import type {Judgement, Wish} from "./judge.ts"
import {judge} from "./judge.ts"
import {stepEvents} from "./step-events.ts"

/** How often the bindings are looked at. A migration takes minutes; the operator needs nothing from us. */
const everyMs = 500

/** Looks on until the operator has answered every wish. @throws AbortError when the session ends first */
export async function follow(
	session: Session,
	client: Client,
	wishes: readonly Wish[],
): Promise<Judgement[]> {
	const progress = progressOn(session)
	const seen = new Map<string, Binding>()
	const told = new Map<string, string>()
	for (;;) {
		const judgements = await Promise.all(wishes.map(async (wish) => look(wish)))
		if (judgements.every((one) => one.exit !== undefined)) return judgements
		await sleep(everyMs, undefined, {signal: session.signal}).catch(() => {
			throw leftAlone(session, judgements)
		})
	}
	async function look(wish: Wish): Promise<Judgement> {
		const {namespace} = wish
		const binding = await client
			.get(MeshBinding, bindingName, namespace, session.signal)
			.catch((error: unknown) => {
				throw session.signal.aborted ? leftAlone(session, []) : error
			})
		const judgement = judge(wish, binding)
		for (const event of stepEvents(seen.get(namespace) ?? wish.before, binding)) progress(event)
		if (binding !== undefined) seen.set(namespace, binding)
		if (told.get(namespace) !== judgement.message) {
			told.set(namespace, judgement.message)
			progress({
				type: "step",
				id: namespace,
				title: namespace,
				note: judgement.message,
				state: stateOf(judgement),
			})
		}
		return judgement
	}
}

function stateOf({exit}: Judgement) {
	if (exit === undefined) return "progress"
	return exit === 0 ? "done" : "failed"
}

/** The operator does not need the one who looks on. */
export function leftAlone(session: Session, judgements: readonly Judgement[]): AbortError {
	const ending = endingOf(session.signal)
	const open = judgements
		.filter((one) => one.exit === undefined)
		.map(({namespace, message}) => `${namespace}: ${message}`)
	return new AbortError(
		ending?.code ?? "Interrupted",
		ending?.code === "TimedOut"
			? "timed out; the operator goes on by itself"
			: "interrupted; the operator goes on by itself",
		{
			...(ending === undefined ? {} : {exit: ending.exit}),
			details: open,
			tryMessage:
				"Look on with heddle status --watch, or run the same command again; heddle pause NAMESPACE stops it.",
		},
	)
}
