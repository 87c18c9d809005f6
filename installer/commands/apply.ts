import {plan as makePlan} from "../../operator/plan/plan.ts"
import {plural} from "../../profiles/names.ts"
import {dataplanes} from "../../profiles/registry.ts"
import {invalidInput} from "../abort.ts"
import type {ExitCode} from "../exit.ts"
import {exit} from "../exit.ts"
import type {Flags} from "../flags.ts"
import {requireCrds, withCluster} from "../flow/cluster.ts"
import {consent} from "../flow/consent.ts"
import {decidedBy} from "../flow/decided-by.ts"
import {refuseIf} from "../flow/refuse.ts"
import {writeProfile} from "../flow/writes.ts"
import {readCluster} from "../input/cluster.ts"
import {givenProfiles} from "../input/given.ts"
import {printDocument} from "../report/document.ts"
import {planText} from "../report/plan-text.ts"
import type {Session} from "../session.ts"
import {withProofs} from "../wasm/with-proofs.ts"

/** Writes profiles. What they would do is shown first; what the plan refuses is not written. */
export async function apply(session: Session, flags: Flags): Promise<ExitCode> {
	const named = await givenProfiles(session, flags)
	if (named.length === 0)
		throw invalidInput("there is no MeshProfile to apply", {
			tryMessage: "Name a file that holds one with --profile FILE.",
		})
	return await withCluster(session, flags, async (cluster) => {
		await requireCrds(cluster)
		const read = {...(await readCluster(session, cluster.client, named)), given: named}
		const {snapshot, profiles, given} = await withProofs(flags.wasmProof, read)
		const made = decidedBy(given, makePlan({snapshot, profiles, dataplanes}))
		if (session.output === "text") session.print(`${planText(made, session.page)}\n`)
		refuseIf(made, ["Blocked"])
		const dryRun = flags.dryRun === true
		if (session.asks && !dryRun) {
			await consent(session, flags, `Apply ${plural(given.length, "profile")} to ${cluster.context}?`)
		}
		for (const profile of given) await writeProfile(session, cluster.client, profile, {dryRun})
		const applied = given.map(({metadata}) => metadata.name)
		const outcome = dryRun ? "would be accepted; nothing was changed" : "applied"
		const lines = applied.map((name) => `${session.page.style("ok", "✓")} MeshProfile/${name} ${outcome}`)
		await printDocument(session, {...made, applied, dryRun}, () => lines.join("\n"))
		return exit.done
	})
}
