import {labelOf} from "../pods.ts"
import {type KubeObject, refOf} from "../snapshot/object.ts"

/** What an object that a translation made is for. */
export type Role =
	/** Carries the policy at the target. */
	| "copy"
	/** Lets the waypoint through where callers are named. */
	| "admit"
	/** Keeps those out who come past the waypoint. */
	| "guard"
	/** Lets through the network what a mesh needs, beside a policy of somebody's. */
	| "opening"
	/** Takes the place of a policy that would be read wrongly in between. */
	| "stand-in"

const ownedLabels = {
	managedBy: "app.kubernetes.io/managed-by",
	role: "heddle.dev/translation",
} as const

export const ownedAnnotations = {
	/** The object that it was made of, as `Kind/namespace/name`. */
	source: "heddle.dev/source",
	/** On a stand-in: the object that it replaced, as JSON. */
	original: "heddle.dev/source-object",
	/** `first` on what has to go before any pod goes back: on its old dataplane it would be in the way. */
	undo: "heddle.dev/undo",
} as const

const manager = "heddle"

export type Owned = {
	readonly source: KubeObject
	readonly role: Role
	readonly namespace: string
	readonly name: string
	readonly spec: Readonly<Record<string, unknown>>
	/** On the way back it goes before any pod does. */
	readonly undoneFirst?: boolean
	/** The source stays: then what was made of it goes with it, by Kubernetes' own garbage collection. */
	readonly goesWithSource?: boolean
	/** Of another kind than its source. */
	readonly type?: Pick<KubeObject, "apiVersion" | "kind">
}

/** An object of Heddle's own: labelled, and annotated with what it was made of. */
export function owned(given: Owned): KubeObject {
	const {source, role, namespace, name, spec, goesWithSource, undoneFirst, type} = given
	const {apiVersion, kind, metadata} = source
	const {uid} = metadata
	const owner = {apiVersion, kind, name: metadata.name, uid}
	return {
		...(type ?? {apiVersion, kind}),
		metadata: {
			name,
			namespace,
			labels: {[ownedLabels.managedBy]: manager, [ownedLabels.role]: role},
			annotations: {
				[ownedAnnotations.source]: refOf(source),
				...(undoneFirst === true ? {[ownedAnnotations.undo]: "first"} : {}),
				...(role === "stand-in" ? {[ownedAnnotations.original]: JSON.stringify(original(source))} : {}),
			},
			...(goesWithSource === true && uid !== undefined && metadata.namespace === namespace
				? {ownerReferences: [owner]}
				: {}),
		},
		...{spec},
	} as KubeObject
}

/** What is needed to translate it once more, without what changes while it stays the same. */
function original({apiVersion, kind, metadata, ...rest}: KubeObject): object {
	const {name, namespace} = metadata
	const {spec} = rest as {spec?: unknown}
	return {apiVersion, kind, metadata: {name, namespace}, spec}
}

export const isOwned = (object: KubeObject): boolean =>
	labelOf(object, ownedLabels.managedBy) === manager && labelOf(object, ownedLabels.role) !== undefined

export const roleOf = (object: KubeObject): string | undefined =>
	isOwned(object) ? labelOf(object, ownedLabels.role) : undefined

/** What Heddle made an object of, as `Kind/namespace/name`; undefined for what it did not make. */
export const sourceOf = (object: KubeObject): string | undefined =>
	isOwned(object) ? object.metadata.annotations?.[ownedAnnotations.source] : undefined

/** The policies as people wrote them: without what Heddle made, and with what its stand-ins replaced. */
export function written(objects: readonly KubeObject[]): readonly KubeObject[] {
	return withReplaced(
		objects.filter((object) => !isOwned(object)),
		objects,
	)
}

/** The first, with what the stand-ins among the second replaced. */
export function withReplaced(
	objects: readonly KubeObject[],
	standIns: readonly KubeObject[],
): readonly KubeObject[] {
	const there = new Set(objects.map(refOf))
	const replaced = standIns.flatMap((object) => {
		const text =
			roleOf(object) === "stand-in" ? object.metadata.annotations?.[ownedAnnotations.original] : undefined
		const source = text === undefined ? undefined : parsed(text)
		return source === undefined || there.has(refOf(source)) ? [] : [source]
	})
	return [...objects, ...replaced]
}

function parsed(text: string): KubeObject | undefined {
	try {
		return JSON.parse(text) as KubeObject
	} catch {
		return undefined
	}
}
