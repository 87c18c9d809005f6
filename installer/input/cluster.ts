import type {MeshProfile as Profile} from "../../crds/generated.ts"
import {MeshBinding, MeshProfile} from "../../operator/api/kinds.ts"
import {isForbidden, isKubeError, isNotFound} from "../../operator/kube/errors.ts"
import {explain} from "../../operator/kube/explain.ts"
import type {Client, ListOptions} from "../../operator/kube/types.ts"
import {kindsRead} from "../../operator/plan/reads.ts"
import {CustomResourceDefinition, gatewayAPIDefinition} from "../../profiles/conflicts/stack.ts"
import {dataplanes} from "../../profiles/registry.ts"
import {type Kind, Namespace} from "../../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../../profiles/snapshot/object.ts"
import type {Snapshot} from "../../profiles/snapshot/snapshot.ts"
import {snapshotOf} from "../../profiles/snapshot/snapshot.ts"
import type {Flags} from "../flags.ts"
import {withCluster} from "../flow/cluster.ts"
import {progressOn} from "../report/progress.ts"
import type {Session} from "../session.ts"
import {withProofs} from "../wasm/with-proofs.ts"
import type {Gathered} from "./gather.ts"
import {givenProfiles} from "./given.ts"
import {nowhere} from "./places.ts"

/** The cluster as it is, and the profiles that it would have if those given were applied. @throws AbortError */
export async function gatherCluster(session: Session, flags: Flags): Promise<Gathered> {
	const given = await givenProfiles(session, flags)
	return await withCluster(session, flags, async ({client}) =>
		withProofs(flags.wasmProof, {...(await readCluster(session, client, given)), given}),
	)
}

/** A profile that is given takes the place of the one of the same name in the cluster. */
export async function readCluster(
	session: Session,
	client: Client,
	given: readonly Profile[],
	beyond: Beyond = planning,
): Promise<Gathered> {
	const snapshot = await snapshotOfCluster(session, client, beyond)
	const names = new Set(given.map(({metadata}) => metadata.name))
	const kept = snapshot.list(MeshProfile).filter(({metadata}) => !names.has(metadata.name))
	return {snapshot, profiles: [...kept, ...given], places: nowhere}
}

/** What is read beside the kinds of a plan. What of it may not be read is unknown, and refuses no plan. */
export type Beyond = {
	readonly kinds: readonly Kind[]
	/** Names of CRDs: a cluster has hundreds, and they are large. */
	readonly definitions: readonly string[]
}

const planning: Beyond = {kinds: [], definitions: [gatewayAPIDefinition]}

/** Without these there is no plan at all, and an empty one would look like success. */
const essential: ReadonlySet<string> = new Set([Namespace.id, MeshProfile.id])

type Listed = {readonly kind: Kind; readonly items: readonly KubeObject[]; readonly refused?: unknown}

async function snapshotOfCluster(session: Session, client: Client, beyond: Beyond): Promise<Snapshot> {
	const kinds = [...kindsRead(dataplanes), MeshProfile, MeshBinding, ...beyond.kinds]
	const progress = progressOn(session)
	const count = {kinds: 0, objects: 0}
	const title = "Read the cluster"
	progress({type: "step", id: "read", title, state: "started"})
	try {
		const listed = await Promise.all(
			kinds.map(async (kind) => {
				const one = await listKind(client, kind, session.signal)
				count.kinds++
				count.objects += one.items.length
				const note = `${count.kinds} of ${kinds.length} kinds, ${count.objects} objects`
				progress({
					type: "step",
					id: "read",
					title,
					state: "progress",
					note,
					fraction: count.kinds / kinds.length,
				})
				return one
			}),
		)
		progress({type: "step", id: "read", title, state: "done", note: `${count.objects} objects`})
		const definitions = await namedDefinitions(client, beyond.definitions, session.signal)
		const refused = [...listed, definitions].filter((one) => one.refused !== undefined)
		for (const {refused: error} of refused) session.say(refusal(error))
		return snapshotOf(
			[...listed, definitions].flatMap(({items}) => items),
			new Set(refused.map(({kind}) => kind.id)),
		)
	} catch (error) {
		progress({type: "step", id: "read", title, state: "failed"})
		throw error
	}
}

/** Of a single object's kind nothing else is asked for: rights to it may be for that name alone. */
const scopeOf = ({only}: Kind): ListOptions =>
	only === undefined ? {} : {namespace: only.namespace, fieldSelector: `metadata.name=${only.name}`}

/** A kind that nobody installed has no objects; one that may not be read is unknown, which is not the same. */
async function listKind(client: Client, kind: Kind, signal: AbortSignal): Promise<Listed> {
	try {
		if (kind.group !== "" && (await client.versionOf(kind)) === undefined) return {kind, items: []}
		return {kind, items: (await client.list(kind, {...scopeOf(kind), signal})).items}
	} catch (error) {
		if (isForbidden(error) && !essential.has(kind.id)) return {kind, items: [], refused: error}
		if (isNotFound(error) || (isKubeError(error) && error.reason === "KindNotServed"))
			return {kind, items: []}
		throw error
	}
}

async function namedDefinitions(
	client: Client,
	names: readonly string[],
	signal: AbortSignal,
): Promise<Listed> {
	const kind = CustomResourceDefinition
	try {
		const found = await Promise.all(names.map((name) => client.get(kind, name, undefined, signal)))
		return {kind, items: found.filter((one) => one !== undefined)}
	} catch (error) {
		if (isForbidden(error)) return {kind, items: [], refused: error}
		if (isKubeError(error) && error.reason === "KindNotServed") return {kind, items: []}
		throw error
	}
}

function refusal(error: unknown): string {
	const told = explain(error)
	return `‼ ${told?.message ?? String(error)}\n   what depends on it counts as unknown; ${told?.next ?? ""}`
}
