import type {MeshProfile} from "../../crds/generated.ts"
import {plan as makePlan} from "../../operator/plan/plan.ts"
import type {Plan} from "../../operator/plan/types.ts"
import {plural} from "../../profiles/names.ts"
import {dataplanes} from "../../profiles/registry.ts"
import type {ExitCode} from "../exit.ts"
import {exit} from "../exit.ts"
import type {Flags} from "../flags.ts"
import {chosen} from "../flow/choose.ts"
import type {Cluster} from "../flow/cluster.ts"
import {requireCrds, withCluster} from "../flow/cluster.ts"
import {consent} from "../flow/consent.ts"
import {requireOperator} from "../flow/operator-lease.ts"
import {refuseIf} from "../flow/refuse.ts"
import {settle} from "../flow/settle.ts"
import {writeWishes} from "../flow/wishes.ts"
import {writeProfile} from "../flow/writes.ts"
import {readCluster} from "../input/cluster.ts"
import {givenProfiles} from "../input/given.ts"
import {disruptionText} from "../report/disruption-text.ts"
import {printDocument} from "../report/document.ts"
import {planText} from "../report/plan-text.ts"
import type {Session} from "../session.ts"
import {withProofs} from "../wasm/with-proofs.ts"

/** Plans, asks, writes the profiles and the decisions, and looks on until the operator is done. */
export async function migrate(
	session: Session,
	flags: Flags,
	namespaces: readonly string[],
): Promise<ExitCode> {
	const named = await givenProfiles(session, flags)
	return await withCluster(session, flags, async (cluster) => {
		await requireCrds(cluster)
		const read = {...(await readCluster(session, cluster.client, named)), given: named}
		const {snapshot, profiles, given} = await withProofs(flags.wasmProof, read)
		const whole = makePlan({snapshot, profiles, dataplanes, accept: flags.accept ?? []})
		const made = chosen({plan: whole, given, namespaces})
		const text = session.output === "text"
		if (text) session.print(`${planText(made, session.page)}\n`)
		refuseIf(made, ["Blocked", "NeedsAcceptance"])
		const disruption = disruptionText(made, session.page)
		if (text && disruption !== "") session.print(`${disruption}\n`)
		if (flags.dryRun === true) return await tryOut(session, cluster, {given, made})
		const moving = made.namespaces.filter(({verdict}) => verdict === "Ready")
		if (moving.length === 0 && given.length === 0) {
			if (!text) await printDocument(session, made, () => "")
			return exit.done
		}
		await requireOperator(session, cluster.client)
		await consent(session, flags, `Move ${plural(moving.length, "namespace")} in ${cluster.context}?`)
		const wishes = await writeWishes(session, cluster, {accept: flags.accept ?? [], given, profiles, made})
		return await settle(session, cluster.client, wishes)
	})
}

/** The API server judges what would be written; nothing is stored. */
async function tryOut(
	session: Session,
	{client}: Cluster,
	{given, made}: {given: readonly MeshProfile[]; made: Plan},
): Promise<ExitCode> {
	for (const profile of given) await writeProfile(session, client, profile, {dryRun: true})
	if (session.output === "text") session.print("This was a dry run: nothing was changed.")
	else await printDocument(session, {...made, dryRun: true}, () => "")
	return exit.done
}
