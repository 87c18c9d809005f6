import type {Kind} from "../../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../../profiles/snapshot/object.ts"
import type {FieldManager} from "../api/names.ts"

export type ListOptions = {
	readonly namespace?: string
	readonly labelSelector?: string
	readonly fieldSelector?: string
	/** Objects per page; 500 when left out. */
	readonly limit?: number
	/** The media type to ask for, such as that of metadata alone; the whole objects when left out. */
	readonly accept?: string
	readonly signal?: AbortSignal
}

export type ListResult<T> = {readonly items: readonly T[]; readonly resourceVersion: string}

export type WriteOptions = {
	readonly manager: FieldManager
	/** Checked and defaulted by the API server, stored by nobody. */
	readonly dryRun?: boolean
	readonly signal?: AbortSignal
}

export type ApplyOptions = WriteOptions & {
	/** Takes fields that another manager owns; only for keys that are ours by contract. */
	readonly force?: boolean
}

export type DeleteOptions = {
	/** Deletes only this very object, not one of the same name that came after it. */
	readonly uid?: string
	readonly resourceVersion?: string
	readonly propagation?: "Foreground" | "Background" | "Orphan"
	readonly dryRun?: boolean
	readonly signal?: AbortSignal
}

export type Access = {
	readonly verb: string
	readonly group: string
	readonly resource: string
	readonly subresource?: string
	readonly namespace?: string
	readonly name?: string
}

/**
 * The Kubernetes API as raw JSON. Every method throws a KubeError; there is no replace, since a read-modify-replace
 * erases the fields that the reader did not know.
 */
export interface Client {
	/** Undefined when the object does not exist; throws when the kind is not served. */
	get<T extends KubeObject>(
		kind: Kind<T>,
		name: string,
		namespace?: string,
		signal?: AbortSignal,
	): Promise<T | undefined>
	/** All pages; starts over when the continue token has expired. */
	list<T extends KubeObject>(kind: Kind<T>, options?: ListOptions): Promise<ListResult<T>>
	/**
	 * Server-Side Apply of the fields given. With `metadata.uid` it neither creates the object nor touches one of
	 * the same name that came after it.
	 */
	apply(object: KubeObject, options: ApplyOptions): Promise<KubeObject>
	applyStatus(object: KubeObject, options: ApplyOptions): Promise<KubeObject>
	/**
	 * JSON merge patch; null removes. Only for removing keys that another manager owns, which an apply cannot, together
	 * with setting ours. Give `metadata.uid`, and `metadata.resourceVersion` where what was read decides.
	 */
	mergePatch(object: KubeObject | MergePatch, options: WriteOptions): Promise<KubeObject>
	/** True when there was something to delete. */
	delete(kind: Kind, name: string, namespace?: string, options?: DeleteOptions): Promise<boolean>
	/** Plain create: for Events, and for objects whose existence must fail the call (409 AlreadyExists). */
	create(object: KubeObject, options: WriteOptions): Promise<KubeObject>
	/** May this client do that? By SelfSubjectAccessReview. */
	may(access: Access): Promise<boolean>
	/** The served version of a kind that Heddle prefers; undefined when none is served. */
	versionOf(kind: Kind, options?: {readonly fresh?: boolean}): Promise<string | undefined>
	/** The API server's own version, such as v1.36.3. */
	serverVersion(): Promise<string>
}

/** Like an object, with null for what is to be removed. */
export type MergePatch = {
	readonly apiVersion: string
	readonly kind: string
	readonly metadata: {
		readonly name: string
		readonly namespace?: string
		readonly uid?: string
		readonly resourceVersion?: string
		readonly labels?: Readonly<Record<string, string | null>>
		readonly annotations?: Readonly<Record<string, string | null>>
	}
	readonly [field: string]: unknown
}

/** One object of one kind: all that a watch tells; what changed is read from the cache. */
export type Change = {
	readonly kind: Kind
	readonly namespace: string | undefined
	readonly name: string
	/** It came with a list, which shows the last of several changes only. */
	readonly listed: boolean
}
