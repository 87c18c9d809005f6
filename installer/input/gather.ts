import type {MeshProfile} from "../../crds/generated.ts"
import {kindsRead} from "../../operator/plan/reads.ts"
import {dataplanes} from "../../profiles/registry.ts"
import type {Kind} from "../../profiles/snapshot/kinds.ts"
import type {Snapshot} from "../../profiles/snapshot/snapshot.ts"
import {snapshotOf} from "../../profiles/snapshot/snapshot.ts"
import type {Flags} from "../flags.ts"
import type {Session} from "../session.ts"
import {withProofs} from "../wasm/with-proofs.ts"
import {definedKinds} from "./definitions.ts"
import {tellGaps} from "./gaps.ts"
import {isRenderedHook} from "./helm.ts"
import {merged} from "./merge.ts"
import {placedInNamespaces} from "./placement.ts"
import type {Places} from "./places.ts"
import {placesOf} from "./places.ts"
import {isProfile, onlyProfiles, validProfiles} from "./profiles.ts"
import {readPlaced} from "./read-objects.ts"

/** What a plan is made of, whichever way it came. */
export type Gathered = {
	readonly snapshot: Snapshot
	readonly profiles: readonly MeshProfile[]
	/** Where what it is made of stands; of a cluster nothing does. */
	readonly places: Places
}

/** Reads what there is to plan: from files when `--from-files` is given, else from the cluster. @throws AbortError */
export async function gather(session: Session, flags: Flags): Promise<Gathered> {
	if (flags.fromFiles !== undefined) return await gatherFiles(session, flags)
	return await (await import("./cluster.ts")).gatherCluster(session, flags)
}

/** `also`: kinds beyond those of a plan, so that their objects are put into a namespace as kubectl would. */
export async function gatherFiles(
	session: Session,
	flags: Flags,
	also: readonly Kind[] = [],
): Promise<Gathered> {
	const reading = {say: session.say, lines: session.output === "sarif" || session.output === "junit"}
	const given = await readPlaced(flags.fromFiles ?? [], "--from-files", reading)
	const extra = await readPlaced(flags.profile ?? [], "--profile", reading)
	onlyProfiles(extra.map(({object}) => object))
	const once = merged([...given, ...extra])
	const defined = definedKinds(once.map(({object}) => object))
	const namespaced = new Set(
		[...kindsRead(dataplanes), ...also].filter((kind) => kind.namespaced).map(({id}) => id),
	)
	for (const {id, namespaced: is} of defined?.values() ?? []) if (is) namespaced.add(id)
	const placed = placedInNamespaces(once, namespaced).filter(({object}) => !isRenderedHook(object))
	const objects = placed.map(({object}) => object)
	const profiles = validProfiles(objects.filter(isProfile))
	tellGaps({session, objects, defined, profiles: profiles.length, all: flags.allNamespaces === true})
	const read = {snapshot: snapshotOf(objects), profiles, given: profiles}
	return {...(await withProofs(flags.wasmProof, read)), places: placesOf(placed)}
}
