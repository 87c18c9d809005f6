import type {MeshBinding as Binding} from "../../crds/generated.ts"
import {plural} from "../../profiles/names.ts"
import {AbortError} from "../abort.ts"
import type {ExitCode} from "../exit.ts"
import {exit} from "../exit.ts"
import type {Flags} from "../flags.ts"
import {requireCrds, withCluster} from "../flow/cluster.ts"
import {consent} from "../flow/consent.ts"
import type {Wish} from "../flow/judge.ts"
import {requireOperator} from "../flow/operator-lease.ts"
import {settle} from "../flow/settle.ts"
import {bindingOf, decide} from "../flow/writes.ts"
import {printDocument} from "../report/document.ts"
import {statusDocument} from "../report/status-document.ts"
import {statusText} from "../report/status-text.ts"
import type {Session} from "../session.ts"

/** Returns namespaces to the state before their last migration, and looks on until they are there. */
export async function rollback(
	session: Session,
	flags: Flags,
	namespaces: readonly string[],
): Promise<ExitCode> {
	return await withCluster(session, flags, async (cluster) => {
		await requireCrds(cluster)
		const found = await Promise.all(
			namespaces.map(
				async (namespace) => [namespace, await bindingOf(session, cluster.client, namespace)] as const,
			),
		)
		const bindings = found.map(([namespace, binding]) => returnable(namespace, binding))
		const before = statusDocument(bindings)
		if (session.output === "text") session.print(`${statusText(before, session.page)}\n`)
		if (flags.dryRun === true) {
			if (session.output === "text") session.print(bindings.map(way).join("\n"))
			else await printDocument(session, {...before, dryRun: true}, () => "")
			return exit.done
		}
		await requireOperator(session, cluster.client)
		await consent(
			session,
			flags,
			`Return ${plural(bindings.length, "namespace")} in ${cluster.context} to where they were?`,
		)
		const wishes = await Promise.all(
			bindings.map(async (binding): Promise<Wish> => {
				const bindingGeneration = await decide(session, cluster.client, binding, {target: "Previous"})
				return {
					namespace: binding.metadata.namespace ?? "",
					goal: "Previous",
					bindingGeneration,
					before: binding,
				}
			}),
		)
		return await settle(session, cluster.client, wishes)
	})
}

function way({metadata, status}: Binding): string {
	const {from = "where it was", to = "where it is"} = status?.migration ?? {}
	return `${metadata.namespace} would return from ${to} to ${from}; nothing was changed`
}

function returnable(namespace: string, binding: Binding | undefined): Binding {
	if (binding?.status?.migration !== undefined) return binding
	throw new AbortError(
		"NothingToRollBack",
		`Heddle has not migrated ${namespace}: there is nothing to go back to`,
		{
			exit: exit.refused,
			tryMessage: "heddle status lists the namespaces that it knows.",
		},
	)
}
