import {authorizationsFor, readAuthorization} from "../apis/istio/authorization.ts"
import type {Move} from "../dataplane.ts"
import type {FeatureUse} from "../features.ts"
import {inUse} from "../in-use.ts"
import type {Reason} from "../reason.ts"
import {reason} from "../reasons.ts"
import {refOf} from "../snapshot/object.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"
import {capabilities} from "./capabilities.ts"

/**
 * In the mode kernel-native nothing goes to a waypoint, HTTP is routed by a patched kernel alone, which no API object
 * proves, and the program that enforces authorization is not attached (linkXdp in manage_controller.go).
 */
export function kernelNativeHazards(snapshot: Snapshot, move: Move): readonly Reason[] {
	const enforced = authorizationsFor(snapshot, move.namespace).filter(
		(one) => !readAuthorization(one).value.dryRun,
	)
	return [
		...enforced.map((object) =>
			reason("KmeshKernelNativeUnenforced", {
				object: refOf(object),
				message: `${refOf(object)} would be enforced by nobody in Kmesh's kernel-native mode.`,
			}),
		),
		...needsWaypoint(snapshot, move).map(({name, usedBy}) =>
			reason("KmeshKernelNativeUnenforced", {
				...(usedBy[0] === undefined ? {} : {object: usedBy[0]}),
				message: `${name}, used by ${usedBy.join(", ")}, has no waypoint in Kmesh's kernel-native mode.`,
			}),
		),
	]
}

const atWaypoint = new Set(
	capabilities.filter(({support}) => support === "waypoint").map(({feature}) => feature),
)

/** What of the features in use Kmesh carries at a waypoint. */
export function needsWaypoint(snapshot: Snapshot, {namespace, uses}: Move): readonly FeatureUse[] {
	const all = uses ?? inUse(snapshot, namespace).features
	return all.filter(({name}) => atWaypoint.has(name))
}
