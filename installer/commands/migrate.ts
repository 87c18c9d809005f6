import type {MeshBinding, MeshProfile} from "../../crds/generated.ts"
import {plan as makePlan} from "../../operator/plan/plan.ts"
import type {Plan} from "../../operator/plan/types.ts"
import {dataplanes} from "../../profiles/registry.ts"
import type {ExitCode} from "../exit.ts"
import {exit} from "../exit.ts"
import type {Flags} from "../flags.ts"
import {chosen} from "../flow/choose.ts"
import type {Cluster} from "../flow/cluster.ts"
import {requireCrds, withCluster} from "../flow/cluster.ts"
import {consent} from "../flow/consent.ts"
import type {Wish} from "../flow/judge.ts"
import {requireOperator} from "../flow/operator-lease.ts"
import {refuseIf} from "../flow/refuse.ts"
import {awaitBinding, settle} from "../flow/settle.ts"
import {bindingOf, decide, decideAnew, writeProfile} from "../flow/writes.ts"
import {readCluster} from "../input/cluster.ts"
import {givenProfiles} from "../input/given.ts"
import {printDocument} from "../report/document.ts"
import {planText} from "../report/plan-text.ts"
import {plural} from "../report/verdict.ts"
import type {Session} from "../session.ts"

/** Plans, asks, writes the profiles and the decisions, and looks on until the operator is done. */
export async function migrate(
	session: Session,
	flags: Flags,
	namespaces: readonly string[],
): Promise<ExitCode> {
	const given = await givenProfiles(session, flags)
	return await withCluster(session, flags, async (cluster) => {
		await requireCrds(cluster)
		const {snapshot, profiles} = await readCluster(session, cluster.client, given)
		const whole = makePlan({snapshot, profiles, dataplanes, accept: flags.accept ?? []})
		const made = chosen({plan: whole, given, namespaces})
		const text = session.output === "text"
		if (text) session.print(`${planText(made, session.page)}\n`)
		refuseIf(made, ["Blocked", "NeedsAcceptance"])
		if (flags.dryRun === true) return await tryOut(session, cluster, {given, made})
		const moving = made.namespaces.filter(({verdict}) => verdict === "Ready")
		if (moving.length === 0 && given.length === 0) {
			if (!text) await printDocument(session, made, () => "")
			return exit.done
		}
		await requireOperator(session, cluster.client)
		await consent(session, flags, `Move ${plural(moving.length, "namespace")} in ${cluster.context}?`)
		const wishes = await writeWishes(session, cluster, {flags, given, profiles, made})
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

type Writing = {
	readonly flags: Flags
	readonly given: readonly MeshProfile[]
	/** As they are to be: those given, and those of the cluster. */
	readonly profiles: readonly MeshProfile[]
	readonly made: Plan
}

/** Writes the profiles first, since a binding is only there, and approves, what the operator has seen. */
async function writeWishes(
	session: Session,
	{client}: Cluster,
	{flags, given, profiles, made}: Writing,
): Promise<Wish[]> {
	const names = made.namespaces.map(({namespace}) => namespace)
	const before = await Promise.all(names.map((namespace) => bindingOf(session, client, namespace)))
	const generations = new Map(profiles.map(({metadata}) => [metadata.name, metadata.generation ?? 0]))
	for (const profile of given) {
		const {name, generation} = await writeProfile(session, client, profile, {dryRun: false})
		generations.set(name, generation)
	}
	const manual = new Set(
		profiles.filter(({spec}) => spec.migration?.approval === "Manual").map(({metadata}) => metadata.name),
	)
	return await Promise.all(
		made.namespaces.map(async ({namespace, profile: name = ""}, i) => {
			const profile = {name, generation: generations.get(name) ?? 0}
			const earlier = before[i]
			const wish: Wish = {
				namespace,
				goal: "Desired",
				profile,
				...(earlier === undefined ? {} : {before: earlier}),
			}
			const binding = await awaitBinding(session, client, wish)
			const accept = (flags.accept ?? []).filter((code) => binding.spec?.accept?.includes(code) !== true)
			const approved =
				manual.has(name) && binding.spec?.approved !== profile.generation ? profile.generation : undefined
			if (accept.length === 0 && approved === undefined && binding.spec?.target !== "Previous") {
				return gaveUp(binding)
					? {...wish, bindingGeneration: await decideAnew(session, client, binding)}
					: wish
			}
			const decision = {target: "Desired", accept, ...(approved === undefined ? {} : {approved})} as const
			return {...wish, bindingGeneration: await decide(session, client, binding, decision)}
		}),
	)
}

/** The last migration ended badly, or stopped at a step that failed; the operator does not try again by itself. */
function gaveUp({status}: MeshBinding): boolean {
	const {state, steps = []} = status?.migration ?? {}
	return (
		state === "RolledBack" ||
		state === "Failed" ||
		(state === "Holding" && steps.some((step) => step.state === "Failed"))
	)
}
