import {Gateway} from "../../profiles/apis/gateway-api/kinds.ts"
import type {Dataplane, Installation} from "../../profiles/dataplane.ts"
import {
	isProgrammed,
	namedWaypoint,
	notForServices,
	type WaypointRef,
} from "../../profiles/istio-ambient/waypoints.ts"
import type {KubeObject, StringMap} from "../../profiles/snapshot/object.ts"
import type {Snapshot} from "../../profiles/snapshot/snapshot.ts"
import {managedBy, labels as names} from "../api/names.ts"
import type {Step} from "./types.ts"

/** A proxy of a namespace that carries L7 for a dataplane without one in each pod. */
export type Waypoint = {
	readonly name: string
	readonly namespace: string
	/** `ready` is programmed and used by the whole namespace. */
	readonly state: "ready" | "unused" | "unprogrammed" | "absent"
}

const className = "istio-waypoint"
const useLabel = "istio.io/use-waypoint"
const useNamespaceLabel = `${useLabel}-namespace`

/** The id of the step after which callers go through the waypoint. */
export const useWaypoint = "use-waypoint"

/** The dataplanes that bring waypoints say what one costs. */
export const usesWaypoints = (dataplane: Dataplane): boolean =>
	dataplane.costs.some(({per}) => per === "waypoint")

export function waypointsOf(snapshot: Snapshot, namespace: string): number {
	return snapshot.list(Gateway, namespace).filter(({spec}) => spec?.gatewayClassName === className).length
}

/**
 * The waypoint that a namespace uses or could use: one of its own, or one of another namespace that serves it. A Gateway
 * that is none for services is none for the plan either, whatever labels say, and another is brought.
 */
export function waypointOf(snapshot: Snapshot, namespace: string, labels: StringMap = {}): Waypoint {
	const named = namedWaypoint(labels, namespace)
	const used = named === "none" ? undefined : named
	const there =
		used === undefined
			? snapshot.list(Gateway, namespace)
			: [snapshot.get(Gateway, used.name, used.namespace)].filter((one) => one !== undefined)
	const found = there.find((one) => notForServices(snapshot, one, namespace) === undefined)
	if (found === undefined) return {name: nameFor(snapshot, namespace, used), namespace, state: "absent"}
	const {name, namespace: home = namespace} = found.metadata
	if (!isProgrammed(found)) return {name, namespace: home, state: "unprogrammed"}
	return {name, namespace: home, state: used === undefined ? "unused" : "ready"}
}

/** The name that the namespace asks for, unless it means a Gateway that is there, or one of another namespace. */
function nameFor(snapshot: Snapshot, namespace: string, used: WaypointRef | undefined): string {
	const asked = used?.namespace === namespace ? [used.name] : []
	const free = [...asked, "waypoint"].find((name) => snapshot.get(Gateway, name, namespace) === undefined)
	return free ?? "heddle-waypoint"
}

/** Brings the waypoint up, proves it, and only then lets the namespace use it: unproven it would be fail-open. */
export function waypointSteps(args: {
	readonly waypoint: Waypoint
	readonly namespace: string
	readonly labels: StringMap | undefined
	readonly installation: Installation
}): readonly Step[] {
	const {waypoint, namespace, labels} = args
	const {name, namespace: home, state} = waypoint
	if (state === "ready") return []
	const object = `Gateway/${home}/${name}`
	const bring: Step = {
		id: "waypoint",
		action: "Apply",
		object,
		note: "bring the waypoint that carries the L7 rules",
		manifest: manifestOf(args),
	}
	const gate: Step = {id: "waypoint-programmed", action: "Gate", object, note: "the waypoint is programmed"}
	const elsewhere = labels?.[useNamespaceLabel]
	const use: Step = {
		id: useWaypoint,
		action: "Apply",
		object: `Namespace/${namespace}`,
		note: "let callers go through the waypoint before any pod moves, so that no L7 rule is skipped",
		keys: {
			labels: {[useLabel]: name, ...(elsewhere === undefined ? {} : {[useNamespaceLabel]: null})},
			annotations: {},
		},
	}
	const proving = state === "absent" ? [bring, gate] : [gate]
	const isUsed = labels?.[useLabel] === name && (elsewhere ?? namespace) === home
	return [...proving, ...(isUsed ? [] : [use])]
}

function manifestOf({
	waypoint,
	namespace,
	installation,
}: {
	waypoint: Waypoint
	namespace: string
	installation: Installation
}): KubeObject {
	return {
		apiVersion: "gateway.networking.k8s.io/v1",
		kind: "Gateway",
		metadata: {
			name: waypoint.name,
			namespace,
			labels: {
				"istio.io/waypoint-for": "service",
				[names.managedBy]: managedBy,
				...(installation.revision === "default" ? {} : {"istio.io/rev": installation.revision}),
				...installation.waypoint?.labels,
			},
			...(installation.waypoint === undefined ? {} : {annotations: installation.waypoint.annotations}),
		},
		...{spec: {gatewayClassName: className, listeners: [{name: "mesh", port: 15008, protocol: "HBONE"}]}},
	}
}
