import {requireCrds} from "../../flow/cluster.ts"
import {requireOperator} from "../../flow/operator-lease.ts"
import {refuseIf} from "../../flow/refuse.ts"
import {writeWishes} from "../../flow/wishes.ts"
import {bindingOf, decide, decideAnew} from "../../flow/writes.ts"
import type {Session} from "../../session.ts"
import type {Draft} from "../model/draft.ts"
import type {Connection} from "./connection.ts"

/**
 * The same checks and writes, in the same order, as `heddle migrate`: the plan is made anew, and what it refuses now
 * is not written. @throws AbortError, KubeError
 */
export async function startMigration(session: Session, connection: Connection, draft: Draft): Promise<void> {
	const {
		client,
		http,
		cluster: {context},
	} = connection
	const cluster = {client, http, context}
	await requireCrds(cluster)
	const {made, profiles} = connection.planner.made(draft)
	refuseIf(made, ["Blocked", "NeedsAcceptance"])
	await requireOperator(session, client)
	const given = draft.profile === undefined ? [] : [draft.profile]
	await writeWishes(session, cluster, {accept: draft.accept, given, profiles, made})
}

/** @throws AbortError, KubeError */
export async function hold(
	session: Session,
	{client}: Connection,
	namespace: string,
	on: boolean,
): Promise<void> {
	const binding = await bindingOf(session, client, namespace)
	if (binding === undefined) return
	const target = binding.spec?.target ?? "Desired"
	await decide(session, client, binding, on ? {target, hold: true} : {target})
}

/** @throws AbortError, KubeError */
export async function rollBack(session: Session, {client}: Connection, namespace: string): Promise<void> {
	await requireOperator(session, client)
	const binding = await bindingOf(session, client, namespace)
	if (binding !== undefined) await decide(session, client, binding, {target: "Previous"})
}

/** @throws AbortError, KubeError */
export async function tryAgain(session: Session, {client}: Connection, namespace: string): Promise<void> {
	await requireOperator(session, client)
	const binding = await bindingOf(session, client, namespace)
	if (binding !== undefined) await decideAnew(session, client, binding)
}
