import type {MeshBinding, MeshProfile} from "../../crds/generated.ts"
import type {Plan} from "../../operator/plan/types.ts"
import type {Session} from "../session.ts"
import type {Cluster} from "./cluster.ts"
import type {Wish} from "./judge.ts"
import {awaitBinding} from "./settle.ts"
import {bindingOf, decide, decideAnew, writeProfile} from "./writes.ts"

type Writing = {
	/** Codes that a person accepts. */
	readonly accept: readonly string[]
	readonly given: readonly MeshProfile[]
	/** As they are to be: those given, and those of the cluster. */
	readonly profiles: readonly MeshProfile[]
	readonly made: Plan
}

/** Writes the profiles first, since a binding is only there, and approves, what the operator has seen. */
export async function writeWishes(
	session: Session,
	{client}: Cluster,
	{accept: codes, given, profiles, made}: Writing,
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
			const accept = codes.filter((code) => binding.spec?.accept?.includes(code) !== true)
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
