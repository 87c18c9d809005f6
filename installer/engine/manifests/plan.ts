import {isKubeError, isNotFound} from "../../../operator/kube/errors.ts"
import type {Manifest} from "../../infra/manifest.ts"
import {identityOf} from "../../infra/manifest.ts"
import type {ResourceAction} from "../events.ts"
import type {Placed} from "../ordered.ts"
import type {Live, ObjectApi} from "./api.ts"
import type {ApplySet} from "./apply-set.ts"
import {asMember, isMember} from "./apply-set.ts"
import type {Owner} from "./owner.ts"
import {ownerOf} from "./owner.ts"
import {inParallel} from "./parallel.ts"
import {changedFields} from "./same.ts"

/** What is to happen to one object, as the API server itself judged it by a dry run. */
export type PlannedObject = Placed & {
	readonly action: ResourceAction
	/** As it will be applied: with the mark of the set. */
	readonly member: Manifest
	readonly live?: Live
	readonly fields?: readonly string[]
	/** Whose it is now, when it is not ours. */
	readonly owner?: Owner
}

/** Kinds whose objects may be made anew where a change of theirs is refused: nothing is lost by it. */
const replaceable: ReadonlySet<string> = new Set(["Job", "RoleBinding", "ClusterRoleBinding"])

/** Compares everything that is wanted with the cluster. Writes nothing. @throws KubeError when the API server refuses */
export function planObjects(
	api: ObjectApi,
	set: ApplySet,
	placed: readonly Placed[],
): Promise<PlannedObject[]> {
	const coming = new Set(placed.map(({id}) => id))
	return inParallel(placed, async (one) => await planOne(api, set, {one, coming}))
}

async function planOne(
	api: ObjectApi,
	set: ApplySet,
	{one, coming}: {readonly one: Placed; readonly coming: ReadonlySet<string>},
): Promise<PlannedObject> {
	const member = asMember(one.object, set)
	const live = await api.get(one.object)
	if (live === undefined) {
		await tryOut(api, member, coming)
		return {...one, member, action: "create"}
	}
	if (live.metadata.deletionTimestamp !== undefined) return {...one, member, live, action: "create"}
	if (!isMember(live, set)) return foreign(one, member, live)
	try {
		const fields = changedFields(live, await api.apply(member, {dryRun: true}))
		return {...one, member, live, ...(fields.length === 0 ? {action: "same"} : {action: "update", fields})}
	} catch (error) {
		if (isImmutable(error) && replaceable.has(one.object.kind))
			return {...one, member, live, action: "replace"}
		throw error
	}
}

/** A namespace that was there before stays as it is, and stays when everything else goes. */
function foreign(one: Placed, member: Manifest, live: Live): PlannedObject {
	if (one.object.kind === "Namespace") return {...one, member, live, action: "read"}
	return {...one, member, live, action: "adopt", owner: ownerOf(live)}
}

/** What needs a namespace or a kind that comes with the same install cannot be tried before. */
async function tryOut(api: ObjectApi, member: Manifest, coming: ReadonlySet<string>): Promise<void> {
	const {namespace} = member.metadata
	try {
		await api.apply(member, {dryRun: true})
	} catch (error) {
		const place = await api.place(member)
		const space = identityOf({apiVersion: "v1", kind: "Namespace", metadata: {name: namespace ?? ""}})
		if (place === undefined || (isNotFound(error) && coming.has(space))) return
		throw error
	}
}

const isImmutable = (error: unknown) =>
	isKubeError(error) && error.code === 422 && /immutable|cannot change roleRef/.test(error.said)
