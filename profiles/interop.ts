import {type End, ends, type Hop, table} from "./interop-table.ts"

const isEnd = (name: string): name is End => (ends as readonly string[]).includes(name)

/** Pods that no mesh identifies to their peers: on the container network alone, whatever that does for them. */
export const isUnmeshed = (name: string): boolean =>
	name === "none" || name === "cilium" || name === "gke-dataplane-v2"

/** A hop between two dataplanes. Of a pair that the table does not know nothing is promised: it counts as unsafe. */
export function hop(client: string, server: string): Hop {
	if (isEnd(client) && isEnd(server)) return table[client][server]
	const unknown = [client, server].filter((name) => !isEnd(name)).join(" and ")
	return {
		reach: "unsafe",
		mtls: "no",
		l4: "none",
		l7: "none",
		note: `nothing is known of ${unknown}`,
		source: "not in the table",
	}
}
