import type {ObjectMeta} from "../../crds/object.ts"

export type {ObjectMeta, OwnerReference, StringMap} from "../../crds/object.ts"

/** A Kubernetes object as the API server sends it: raw JSON, dates as ISO strings, never a typed model. */
export type KubeObject = {
	readonly apiVersion: string
	readonly kind: string
	readonly metadata: ObjectMeta
}

/** Names an object for people and for JSON: `Kind/namespace/name`, or `Kind/name` when it is cluster-scoped. */
export function refOf(object: KubeObject): string {
	const {namespace, name} = object.metadata
	return namespace === undefined ? `${object.kind}/${name}` : `${object.kind}/${namespace}/${name}`
}

/** Kinds that have the name of a better known one, of another API. */
const namesakes: ReadonlySet<string> = new Set([
	"AuthorizationPolicy.policy.linkerd.io",
	"HTTPRoute.policy.linkerd.io",
])

/**
 * Names an object to be written or deleted: as `refOf` does, and with the API group where two APIs have a kind of this
 * name, as kubectl takes it.
 */
export function addressOf(object: KubeObject): string {
	const kind = `${object.kind}.${object.apiVersion.split("/")[0]}`
	return namesakes.has(kind) ? refOf({...object, kind}) : refOf(object)
}
