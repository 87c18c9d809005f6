import {namedWaypoint} from "../../istio-ambient/waypoints.ts"
import type {Identity} from "../../policy/request.ts"
import type {StringMap} from "../../snapshot/object.ts"

type At = {
	readonly namespace: string
	readonly waypoint: {readonly name: string; readonly identity: Identity}
}

/** Labels of a Service that lead its callers elsewhere: they overrule the one that the plan writes on the namespace. */
export function usesAnother(labels: StringMap | undefined, {waypoint, namespace}: At): boolean {
	const own = namedWaypoint(labels, namespace)
	if (own === undefined) return false
	return own === "none" || own.name !== waypoint.name || own.namespace !== waypoint.identity.namespace
}
