import type {StringMap} from "../../../profiles/snapshot/object.ts"
import type {LabelSelector} from "../../../profiles/snapshot/shapes.ts"

/** A workload of the namespace, as policies know it. */
export type Member = {
	/** `Kind/namespace/name`. */
	readonly ref: string
	readonly name: string
	readonly labels: StringMap
	readonly account: string
}

/** Whom a policy speaks of. Without `account`, `labels` and `name` it is every pod of the namespace. */
export type Party = {
	/** Undefined for anyone at all. */
	readonly namespace: string | undefined
	readonly account?: string
	readonly labels?: LabelSelector
	readonly name?: string
}

export const anyone: Party = {namespace: undefined}

/** What says so of calls that Prometheus has counted. */
export const measuredBy = "metrics"

/**
 * Something that says who calls whom. `gate`: what admits these callers and nobody else, where it is a policy; the
 * policies of one gate add up. Without a gate it tells of calls and refuses none.
 */
export type Claim = {
	/** In the namespace that is planned. */
	readonly callee: Party
	readonly callers: readonly Party[]
	readonly gate?: "istio" | "linkerd" | "network"
	/** What says so: the reference of an object, or `measuredBy`. */
	readonly by: string
}

/** Requests to one are handed on to the other: who calls the first calls the second. */
export type Forward = {readonly from: Party; readonly to: Party; readonly by: string}
