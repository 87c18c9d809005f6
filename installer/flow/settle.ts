import {setTimeout as sleep} from "node:timers/promises"
import type {MeshBinding as Binding} from "../../crds/generated.ts"
import {MeshBinding} from "../../operator/api/kinds.ts"
import type {Client} from "../../operator/kube/types.ts"
import {AbortError} from "../abort.ts"
import type {ExitCode} from "../exit.ts"
import {exit} from "../exit.ts"
import {printDocument} from "../report/document.ts"
import {statusDocument} from "../report/status-document.ts"
import {statusText} from "../report/status-text.ts"
import type {Session} from "../session.ts"
import {follow, leftAlone} from "./follow.ts"
import type {Wish} from "./judge.ts"
import {worst} from "./judge.ts"
import {bindingOf} from "./writes.ts"

/** The operator makes a binding within a second or two of seeing the profile. */
const bindingWithinMs = 60_000

/** The binding of a namespace once the operator has seen the profile. @throws AbortError when it does not come */
export async function awaitBinding(
	session: Session,
	client: Client,
	{namespace, profile}: Wish,
): Promise<Binding> {
	const until = performance.now() + bindingWithinMs
	for (;;) {
		const binding = await bindingOf(session, client, namespace)
		const seen =
			binding?.status?.profile === profile?.name &&
			(binding?.status?.profileGeneration ?? 0) >= (profile?.generation ?? 0)
		if (binding !== undefined && seen) return binding
		if (performance.now() > until) {
			throw new AbortError(
				"OperatorSilent",
				`the operator has not taken up the profile for ${namespace} within a minute`,
				{
					exit: exit.stopped,
					tryMessage:
						"Look at the operator's log and at kubectl describe meshprofile, then run the same command again.",
				},
			)
		}
		await sleep(250, undefined, {signal: session.signal}).catch(() => {
			throw leftAlone(session, [])
		})
	}
}

/** Looks on until all is decided and prints where the namespaces are then. */
export async function settle(session: Session, client: Client, wishes: readonly Wish[]): Promise<ExitCode> {
	const judgements = await follow(session, client, wishes)
	const names = new Set(wishes.map(({namespace}) => namespace))
	const {items} = await client.list(MeshBinding, {signal: session.signal})
	const document = statusDocument(items.filter(({metadata}) => names.has(metadata.namespace ?? "")))
	await printDocument(session, document, () => statusText(document, session.page))
	return worst(judgements.map(({exit: code}) => code ?? exit.stopped))
}
