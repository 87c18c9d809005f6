/** Labels or annotations. */
export type StringMap = Readonly<Record<string, string>>

export type OwnerReference = {
	readonly apiVersion: string
	readonly kind: string
	readonly name: string
	readonly uid?: string
	readonly controller?: boolean
}

export type ObjectMeta = {
	readonly name: string
	readonly namespace?: string
	readonly uid?: string
	readonly resourceVersion?: string
	readonly generation?: number
	readonly creationTimestamp?: string
	readonly deletionTimestamp?: string
	readonly labels?: StringMap
	readonly annotations?: StringMap
	readonly ownerReferences?: readonly OwnerReference[]
	readonly finalizers?: readonly string[]
	/** Who owns which field; kept only for kinds whose writers the planner looks at. */
	readonly managedFields?: readonly {readonly manager?: string; readonly operation?: string}[]
}

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
