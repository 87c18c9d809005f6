import {satisfies} from "semver"
import {authorizationsFor, readAuthorization} from "../apis/istio/authorization.ts"
import {versionOf} from "../apis/istio/control-plane.ts"
import {closesPort} from "../apis/kubernetes/network-policy.ts"
import type {Move} from "../dataplane.ts"
import {missingWaypoint} from "../istio-ambient/waypoints.ts"
import {namespacesWithSidecars} from "../istio-sidecar/evidence.ts"
import {listed} from "../names.ts"
import type {Reason} from "../reason.ts"
import {reason} from "../reasons.ts"
import {type KubeObject, refOf} from "../snapshot/object.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"
import {kmeshAgent} from "./agents.ts"
import {istiodOf} from "./detect.ts"
import {needsWaypoint} from "./kernel-native.ts"
import {waypointsIn} from "./waypoint-image.ts"

/** Source: kmesh v1.2.0:docs/en/kmesh_support.md; its EnvoyFilter for waypoints is of the form before Istio 1.26. */
const istioForWaypoints = ">=1.23.0 <1.26.0"
/** Where Kmesh enters a waypoint (KmeshWaypointPort), in place of 15008. */
const waypointPort = 15019

/** What keeps a waypoint from carrying the L7 rules of a namespace on Kmesh. */
export function waypointHazards(snapshot: Snapshot, move: Move): readonly Reason[] {
	const {namespace} = move
	const attached = authorizationsFor(snapshot, namespace).filter(
		(one) => readAuthorization(one).value.targetRefs.length > 0 && one.metadata.namespace === namespace,
	)
	if (attached.length === 0 && needsWaypoint(snapshot, move).length === 0) return []
	return [
		...attached.flatMap((object) => missing(snapshot, namespace, object)),
		...imageHazards(snapshot, move),
		...istioHazards(snapshot),
		...networkHazards(snapshot, namespace),
		...bypassHazards(snapshot),
	]
}

function missing(snapshot: Snapshot, namespace: string, object: KubeObject): readonly Reason[] {
	const {targetRefs} = readAuthorization(object).value
	const whys = targetRefs.flatMap((ref) => missingWaypoint(snapshot, namespace, ref) ?? [])
	if (whys.length === 0) return []
	const message = `${refOf(object)} would be skipped: ${whys.join("; ")}.`
	return [reason("PolicyTargetsMissingWaypoint", {object: refOf(object), message})]
}

/** Istio's own image has not the filters that Kmesh's traffic needs: it would not reach its rules. */
function imageHazards(snapshot: Snapshot, {namespace, to}: Move): readonly Reason[] {
	const there = waypointsIn(snapshot, namespace)
	if (there.kmesh.length + there.others.length === 0 && to.waypoint === undefined) {
		const message = "Rules need a waypoint, and nothing tells the version of Kmesh whose image it would take."
		return [reason("WaypointWithoutKmeshImage", {message})]
	}
	return there.others.map((gateway) => {
		const message = `${refOf(gateway)} runs Istio's own image, which does not understand how Kmesh sends to it.`
		return reason("WaypointWithoutKmeshImage", {object: refOf(gateway), message})
	})
}

function istioHazards(snapshot: Snapshot): readonly Reason[] {
	const agent = kmeshAgent(snapshot)
	const plane = agent && istiodOf(snapshot, agent)
	const version = plane && versionOf(plane)
	if (version !== undefined && satisfies(version, istioForWaypoints, {includePrerelease: true})) return []
	const message = `Rules need a waypoint, and Kmesh's waypoint is tested with Istio 1.23 to 1.25; there is ${version ?? "an Istio whose version nothing tells"}.`
	return [reason("KmeshWaypointUnsupported", {message})]
}

function networkHazards(snapshot: Snapshot, namespace: string): readonly Reason[] {
	return closesPort(snapshot, namespace, waypointPort)
		.filter(({direction}) => direction === "egress")
		.map(({policy}) => {
			const message = `${refOf(policy)} admits ports to what it calls, but not TCP ${waypointPort}, by which pods on Kmesh reach a waypoint.`
			return reason("NetworkPolicyBlocksKmeshWaypoint", {object: refOf(policy), message})
		})
}

function bypassHazards(snapshot: Snapshot): readonly Reason[] {
	const callers = namespacesWithSidecars(snapshot)
	if (callers.length === 0) return []
	const message = `Callers with sidecars (${listed(callers)}) go to the pods directly and skip the waypoint.`
	return [reason("SidecarCallersBypassWaypoint", {message})]
}
