import {
	AuthorizationPolicy,
	RequestAuthentication,
	ServiceEntry,
	TrafficExtension,
	WasmPlugin,
} from "../../profiles/apis/istio/kinds.ts"
import {namedWaypoint} from "../../profiles/istio-ambient/waypoints.ts"
import type {Reason} from "../../profiles/reason.ts"
import * as kinds from "../../profiles/snapshot/kinds.ts"
import {type KubeObject, refOf} from "../../profiles/snapshot/object.ts"
import type {Snapshot} from "../../profiles/snapshot/snapshot.ts"
import type {Waypoint} from "./waypoint.ts"

const attachable = [AuthorizationPolicy, RequestAuthentication, WasmPlugin, TrafficExtension]

type TargetRef = {readonly kind?: unknown; readonly name?: unknown}

/**
 * A policy that lacks its waypoint today, and has it once the plan has brought the namespace's one: that is the order
 * that waits for its proof, and no refusal.
 */
export function isCovered(
	reason: Reason,
	around: {snapshot: Snapshot; namespace: string; waypoint: Waypoint},
): boolean {
	if (reason.code !== "PolicyTargetsMissingWaypoint") return false
	const {snapshot, namespace} = around
	const policy = attachable
		.flatMap((kind) => snapshot.list(kind, namespace))
		.find((one) => refOf(one) === reason.object)
	const refs = policy?.spec?.targetRefs
	return Array.isArray(refs) && refs.length > 0 && refs.every((ref: TargetRef) => leadsTo(ref, around))
}

function leadsTo(
	{kind, name}: TargetRef,
	{snapshot, namespace, waypoint}: {snapshot: Snapshot; namespace: string; waypoint: Waypoint},
): boolean {
	if (kind === "Gateway") return name === waypoint.name && waypoint.namespace === namespace
	const target = [kinds.Service, ServiceEntry].find((one) => one.kind === kind)
	if (target === undefined || typeof name !== "string") return false
	const service = snapshot.get<KubeObject>(target, name, namespace)
	if (service === undefined) return false
	// A label on the Service overrules that of the namespace, which is the one that the plan writes.
	const own = namedWaypoint(service.metadata.labels, namespace)
	return (
		own === undefined ||
		(own !== "none" && own.name === waypoint.name && own.namespace === waypoint.namespace)
	)
}
