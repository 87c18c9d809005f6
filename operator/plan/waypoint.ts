import {Gateway} from "../../profiles/apis/gateway-api/kinds.ts"
import type {Dataplane, Installation} from "../../profiles/dataplane.ts"
import type {KubeObject, StringMap} from "../../profiles/snapshot/object.ts"
import type {Snapshot} from "../../profiles/snapshot/snapshot.ts"
import {managedBy, labels as names} from "../api/names.ts"
import type {Step} from "./types.ts"

/** A proxy of a namespace that carries L7 for a dataplane without one in each pod. */
export type Waypoint = {
	readonly name: string
	/** `ready` is programmed and used by the whole namespace. */
	readonly state: "ready" | "unused" | "unprogrammed" | "absent"
}

const className = "istio-waypoint"
const useLabel = "istio.io/use-waypoint"

/** The id of the step after which callers go through the waypoint. */
export const useWaypoint = "use-waypoint"

/** The dataplanes that bring waypoints say what one costs. */
export const usesWaypoints = (dataplane: Dataplane): boolean =>
	dataplane.costs.some(({per}) => per === "waypoint")

export function waypointsOf(snapshot: Snapshot, namespace: string): number {
	return snapshot.list(Gateway, namespace).filter(({spec}) => spec?.gatewayClassName === className).length
}

/** The waypoint that a namespace uses or could use. One of another namespace is taken as it is. */
export function waypointOf(snapshot: Snapshot, namespace: string, labels: StringMap = {}): Waypoint {
	const used = labels[useLabel]
	const home = labels["istio.io/use-waypoint-namespace"] ?? namespace
	const all = snapshot
		.list(Gateway, used === undefined ? namespace : home)
		.filter(({spec}) => spec?.gatewayClassName === className)
	const found = used === undefined ? all[0] : all.find(({metadata}) => metadata.name === used)
	if (found === undefined) return {name: used ?? "waypoint", state: "absent"}
	const {name} = found.metadata
	const programmed =
		found.status?.conditions?.some((one) => one.type === "Programmed" && one.status === "True") === true
	if (!programmed) return {name, state: "unprogrammed"}
	return {name, state: used === name ? "ready" : "unused"}
}

/** Brings the waypoint up, proves it, and only then lets the namespace use it: unproven it would be fail-open. */
export function waypointSteps(args: {
	readonly waypoint: Waypoint
	readonly namespace: string
	readonly labels: StringMap | undefined
	readonly installation: Installation
}): readonly Step[] {
	const {waypoint, namespace, labels} = args
	const {name, state} = waypoint
	if (state === "ready") return []
	const object = `Gateway/${namespace}/${name}`
	const bring: Step = {
		id: "waypoint",
		action: "Apply",
		object,
		note: "bring the waypoint that carries the L7 rules",
		manifest: manifestOf(args),
	}
	const gate: Step = {id: "waypoint-programmed", action: "Gate", object, note: "the waypoint is programmed"}
	const use: Step = {
		id: useWaypoint,
		action: "Apply",
		object: `Namespace/${namespace}`,
		note: "let callers go through the waypoint before any pod moves, so that no L7 rule is skipped",
		keys: {labels: {[useLabel]: name}, annotations: {}},
	}
	const proving = state === "absent" ? [bring, gate] : [gate]
	return [...proving, ...(labels?.[useLabel] === name ? [] : [use])]
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
