import {createHash} from "node:crypto"
import type {Dataplane} from "../../../profiles/dataplane.ts"
import {addressOf, type KubeObject, type StringMap} from "../../../profiles/snapshot/object.ts"
import type {Namespace} from "../../../profiles/snapshot/shapes.ts"
import {annotations, labels, managedBy} from "../../api/names.ts"
import {isRuntimeKey} from "../../plan/runtimes.ts"

/** Labels and annotations of one object that dataplanes give a meaning to, as they were. */
export type OriginalKeys = {readonly labels: StringMap; readonly annotations: StringMap}

/** What a namespace carried before a migration; kept in an annotation of the binding, which exists before the change. */
export type NamespaceImage = OriginalKeys & {
	readonly migration: string
	/** The dataplane that the pods were on, by evidence. */
	readonly from: string
}

/**
 * What an object was before a migration touched it. `object` is null where it did not exist.
 * Kept in an `apps/v1` ControllerRevision, which the API server never lets anyone change.
 */
export type PreImage = {
	readonly migration: string
	readonly ref: string
	readonly object: KubeObject | null
	/** When the API server stored it: the oldest of an object is the state before Heddle. */
	readonly createdAt: string
	readonly name: string
}

/** Of labels or annotations, those that a migration may have changed: the dataplanes' and runtimes' own, and Heddle's mark of a roll. */
export function ownedBy(dataplanes: readonly Dataplane[], map: StringMap | undefined): StringMap {
	return Object.fromEntries(
		Object.entries(map ?? {}).filter(
			([key]) =>
				key === annotations.rolledBy ||
				isRuntimeKey(key) ||
				dataplanes.some((dataplane) => dataplane.owns(key)),
		),
	)
}

export function namespaceImage(
	{metadata}: Namespace,
	{migration, from, dataplanes}: {migration: string; from: string; dataplanes: readonly Dataplane[]},
): NamespaceImage {
	return {
		migration,
		from,
		labels: ownedBy(dataplanes, metadata.labels),
		annotations: ownedBy(dataplanes, metadata.annotations),
	}
}

const nameOf = (migration: string, ref: string) =>
	`heddle-${migration}-${createHash("sha256").update(ref).digest("hex").slice(0, 16)}`

/** The ControllerRevision that keeps an object as it is now, without what the API server maintains itself. */
export function controllerRevision(args: {
	migration: string
	ref: string
	namespace: string
	object: KubeObject | null
}) {
	const {migration, ref, namespace, object} = args
	return {
		apiVersion: "apps/v1",
		kind: "ControllerRevision",
		metadata: {
			name: nameOf(migration, ref),
			namespace,
			labels: {[labels.migration]: migration, [labels.managedBy]: managedBy},
			annotations: {[annotations.object]: ref},
		},
		revision: Number(migration.slice(1)),
		data: {object: object === null ? null : withoutServerFields(object)},
	}
}

function withoutServerFields(object: KubeObject): object {
	const {managedFields: _, resourceVersion: __, generation: ___, ...metadata} = object.metadata
	const {status: ____, ...rest} = object as KubeObject & {status?: unknown}
	return {...rest, metadata}
}

type Revision = KubeObject & {readonly data?: {readonly object?: KubeObject | null}}

/**
 * Reads a pre-image back; undefined for a ControllerRevision that is not one. Others may make ControllerRevisions in
 * their namespace, too: one that speaks of anything else than an object of this namespace is none of ours.
 */
export function preImageOf(revision: KubeObject): PreImage | undefined {
	const {metadata, data} = revision as Revision
	const ref = metadata.annotations?.[annotations.object]
	const migration = metadata.labels?.[labels.migration]
	if (ref === undefined || migration === undefined || data === undefined) return undefined
	const object = data.object ?? null
	if (ref.split("/")[1] !== metadata.namespace || (object !== null && addressOf(object) !== ref))
		return undefined
	return {
		migration,
		ref,
		object,
		createdAt: metadata.creationTimestamp ?? "",
		name: metadata.name,
	}
}

const number = (image: PreImage) => Number(image.migration.slice(1))

/** The pre-images that lead to before one migration, or, without one, to the state before Heddle: the oldest of each object. */
export function imagesFor(images: readonly PreImage[], migration?: string): readonly PreImage[] {
	if (migration !== undefined) return images.filter((image) => image.migration === migration)
	const oldest = new Map<string, PreImage>()
	for (const image of images) {
		const known = oldest.get(image.ref)
		if (known === undefined || number(image) < number(known)) oldest.set(image.ref, image)
	}
	return [...oldest.values()]
}

/** Pre-images that nothing can ask for any more: neither the last migration's nor the oldest of their object. */
export function outdated(images: readonly PreImage[], current: string): readonly PreImage[] {
	const oldest = new Set(imagesFor(images))
	return images.filter((image) => image.migration !== current && !oldest.has(image))
}

/** The first migration leaves nothing behind that is older than itself. */
export const mayForget = ({id, state}: {readonly id: string; readonly state: string}): boolean =>
	state === "Succeeded" && id !== "m1"
