import {Gateway} from "../apis/gateway-api/kinds.ts"
import {annotationOf, labelOf} from "../pods.ts"
import type {Reason} from "../reason.ts"
import {reason} from "../reasons.ts"
import * as kinds from "../snapshot/kinds.ts"
import {refOf} from "../snapshot/object.ts"
import type {Gateway as GatewayShape} from "../snapshot/shapes.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"
import {imageAnnotation} from "./pages.ts"

const runsKmesh = (gateway: GatewayShape): boolean =>
	/\/kmesh-net\/waypoint\b/.test(annotationOf(gateway, imageAnnotation) ?? "")

/** A namespace's waypoints, its own and those of the namespace that its label names, by whose image they run. */
export function waypointsIn(
	snapshot: Snapshot,
	namespace: string,
): {readonly kmesh: readonly GatewayShape[]; readonly others: readonly GatewayShape[]} {
	const object = snapshot.get(kinds.Namespace, namespace)
	const home = object && labelOf(object, "istio.io/use-waypoint-namespace")
	const all = [...new Set([namespace, home ?? namespace])]
		.flatMap((name) => snapshot.list(Gateway, name))
		.filter(({spec}) => spec?.gatewayClassName === "istio-waypoint")
	return {kmesh: all.filter(runsKmesh), others: all.filter((one) => !runsKmesh(one))}
}

/** Waypoints that Kmesh leaves behind for a namespace that moves to ambient. */
export function leftWaypoints(snapshot: Snapshot, namespace: string): readonly Reason[] {
	return waypointsIn(snapshot, namespace).kmesh.map((gateway) => {
		const message = `${refOf(gateway)} runs Kmesh's image, of which nobody states that ztunnel reaches its rules.`
		return reason("WaypointWithKmeshImage", {object: refOf(gateway), message})
	})
}
