import type {MeshProfile} from "../../crds/generated.ts"
import {kindsRead} from "../../operator/plan/reads.ts"
import {dataplanes} from "../../profiles/registry.ts"
import type {KubeObject} from "../../profiles/snapshot/object.ts"
import type {Snapshot} from "../../profiles/snapshot/snapshot.ts"
import {snapshotOf} from "../../profiles/snapshot/snapshot.ts"
import type {Flags} from "../flags.ts"
import type {Session} from "../session.ts"
import {merged} from "./merge.ts"
import {missingNamespaces, placedInNamespaces} from "./placement.ts"
import {isProfile, onlyProfiles, validProfiles} from "./profiles.ts"
import {readPlaced} from "./read-objects.ts"

/** What a plan is made of, whichever way it came. */
export type Gathered = {readonly snapshot: Snapshot; readonly profiles: readonly MeshProfile[]}

/** Reads what there is to plan: from files when `--from-files` is given, else from the cluster. @throws AbortError */
export async function gather(session: Session, flags: Flags): Promise<Gathered> {
	if (flags.fromFiles !== undefined) return await gatherFiles(session, flags)
	return await (await import("./cluster.ts")).gatherCluster(session, flags)
}

async function gatherFiles(session: Session, flags: Flags): Promise<Gathered> {
	const placed = await readPlaced(flags.fromFiles ?? [], "--from-files", session.say)
	const extra = await readPlaced(flags.profile ?? [], "--profile", session.say)
	onlyProfiles(extra.map(({object}) => object))
	const objects = placedInNamespaces(merged([...placed, ...extra]), kindsRead(dataplanes))
	const profiles = validProfiles(objects.filter(isProfile))
	tellGaps(session, objects, {profiles: profiles.length, all: flags.allNamespaces === true})
	return {snapshot: snapshotOf(objects), profiles}
}

function tellGaps(
	session: Session,
	objects: readonly KubeObject[],
	{profiles, all}: {profiles: number; all: boolean},
): void {
	if (profiles === 0 && !all)
		session.say(
			"‼ there is no MeshProfile among the files; give one with --profile FILE, or ask for --all-namespaces",
		)
	const missing = missingNamespaces(objects)
	if (missing.length === 0) return
	const names =
		missing.length > 5
			? `${missing.slice(0, 5).join(", ")} and ${missing.length - 5} more`
			: missing.join(", ")
	session.say(
		`‼ objects are in ${names}, but the Namespace is not among the files, so no profile selects it; dump it too: kubectl get namespaces -o json`,
	)
}
