import type {KubeObject} from "../../snapshot/object.ts"
import type {Custom, KubeCondition} from "../../snapshot/shapes.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"
import {GRPCRoute, HTTPRoute} from "../gateway-api/kinds.ts"
import {readRoute} from "../gateway-api/routes.ts"

/** What Cilium calls itself in the status of routes and of classes of gateways. */
const controller = "io.cilium/gateway-controller"

type ParentStatus = {readonly controllerName?: string; readonly conditions?: readonly KubeCondition[]}

/** Routes on Services of the namespace: every mesh of the cluster reads them. */
export function meshRoutesIn(snapshot: Snapshot, namespace: string): readonly Custom[] {
	return [HTTPRoute, GRPCRoute]
		.flatMap((kind) => snapshot.list(kind, namespace))
		.filter((route) => readRoute(route).value.inMesh)
}

/** Cilium says of a route that it carries it. Saying nothing is no yes. */
export function isAccepted(route: KubeObject): boolean {
	const {status} = route as Custom
	const parents = Array.isArray(status?.parents) ? (status.parents as readonly ParentStatus[]) : []
	return parents.some(
		({controllerName, conditions}) =>
			controllerName === controller &&
			Array.isArray(conditions) &&
			conditions.some((one: KubeCondition) => one.type === "Accepted" && one.status === "True"),
	)
}
