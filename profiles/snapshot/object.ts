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
