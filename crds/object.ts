/** Labels or annotations. */
export type StringMap = Readonly<Record<string, string>>

export type OwnerReference = {
	readonly apiVersion: string
	readonly kind: string
	readonly name: string
	readonly uid?: string
	readonly controller?: boolean
}

/** Metadata of any object, ours or another's. */
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
