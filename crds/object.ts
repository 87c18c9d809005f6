/** Metadata of our objects; of the same shape as that of any other object that Heddle reads. */
export type ObjectMeta = {
	readonly name: string
	readonly namespace?: string
	readonly uid?: string
	readonly resourceVersion?: string
	readonly generation?: number
	readonly creationTimestamp?: string
	readonly deletionTimestamp?: string
	readonly labels?: Readonly<Record<string, string>>
	readonly annotations?: Readonly<Record<string, string>>
	readonly ownerReferences?: readonly {
		readonly apiVersion: string
		readonly kind: string
		readonly name: string
		readonly uid?: string
		readonly controller?: boolean
	}[]
	readonly finalizers?: readonly string[]
	readonly managedFields?: readonly {readonly manager?: string; readonly operation?: string}[]
}
