import {Gateway, GatewayClass} from "../apis/gateway-api/kinds.ts"
import {ServiceEntry} from "../apis/istio/kinds.ts"
import type {TargetRef} from "../apis/istio/scope.ts"
import {selects} from "../pods.ts"
import * as kinds from "../snapshot/kinds.ts"
import type {KubeObject, StringMap} from "../snapshot/object.ts"
import type {Gateway as GatewayShape} from "../snapshot/shapes.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"

const useWaypoint = "istio.io/use-waypoint"
const waypointFor = "istio.io/waypoint-for"

/** A waypoint by its place; what uses it may be elsewhere. */
export type WaypointRef = {readonly namespace: string; readonly name: string}

/** The waypoint that the labels of an object or of its namespace name; `none` is the word for using none. */
export function namedWaypoint(
	labels: StringMap | undefined,
	namespace: string,
): WaypointRef | "none" | undefined {
	const name = labels?.[useWaypoint]
	if (name === undefined || name === "") return undefined
	return name === "none" ? "none" : {name, namespace: labels?.[`${useWaypoint}-namespace`] ?? namespace}
}

/** The account that a waypoint's pods run as. Source: istio:pilot/pkg/config/kube/gateway/model.go, gatewaySAOverride */
export const waypointAccount = (snapshot: Snapshot, {namespace, name}: WaypointRef): string =>
	snapshot.get(Gateway, name, namespace)?.metadata.annotations?.["gateway.istio.io/service-account"] ?? name

/** Why a policy with this target has no waypoint that would enforce it; undefined when it has one. */
export function missingWaypoint(snapshot: Snapshot, namespace: string, ref: TargetRef): string | undefined {
	if (ref.kind === "GatewayClass") return undefined
	if (ref.kind === "Gateway") return unprogrammed(snapshot, {namespace, name: ref.name})
	const kind = [kinds.Service, ServiceEntry].find((one) => one.kind === ref.kind)
	if (kind === undefined) return `a ${ref.kind} ${ref.name} is nothing that a waypoint is known to look at`
	const target = snapshot.get<KubeObject>(kind, ref.name, namespace)
	if (target === undefined) return `there is no ${ref.kind} ${ref.name}`
	const space = snapshot.get(kinds.Namespace, namespace)
	const used =
		namedWaypoint(target.metadata.labels, namespace) ?? namedWaypoint(space?.metadata.labels, namespace)
	if (used === undefined || used === "none") return `the ${ref.kind} ${ref.name} uses no waypoint`
	return unfitForServices(snapshot, used, namespace)
}

/** Why calls to the services of a namespace are not led through a waypoint that they name; undefined when they are. */
function unfitForServices(snapshot: Snapshot, used: WaypointRef, namespace: string): string | undefined {
	const gateway = snapshot.get(Gateway, used.name, used.namespace)
	return (gateway && notForServices(snapshot, gateway, namespace)) ?? unprogrammed(snapshot, used)
}

/** Why a Gateway is no waypoint for the services of a namespace, whether it is up or not; undefined when it is one. */
export function notForServices(
	snapshot: Snapshot,
	gateway: GatewayShape,
	namespace: string,
): string | undefined {
	const {metadata, spec} = gateway
	const what = `the Gateway ${metadata.namespace}/${metadata.name}`
	const className = spec?.gatewayClassName ?? ""
	if (!isWaypointClass(snapshot, className)) return `${what} is of the class ${className}, no waypoint`
	const traffic = trafficOf(snapshot, gateway)
	if (traffic !== "service" && traffic !== "all")
		return `${what} has the label istio.io/waypoint-for: ${traffic}, or its class has, and is for no services`
	return metadata.namespace === namespace || admits(snapshot, gateway, namespace)
		? undefined
		: `no listener of ${what} has allowedRoutes for ${namespace}`
}

/**
 * What it is for by its own label, or by that of its class; left out it is for services.
 * Source: istio:pilot/pkg/serviceregistry/ambient/waypoints.go, gatewayToWaypointTransform
 */
function trafficOf(snapshot: Snapshot, {metadata, spec}: GatewayShape): string {
	const byClass = snapshot.get(GatewayClass, spec?.gatewayClassName ?? "")?.metadata.labels
	return metadata.labels?.[waypointFor] ?? byClass?.[waypointFor] ?? "service"
}

const isWaypointClass = (snapshot: Snapshot, name: string): boolean =>
	name === "istio-waypoint" ||
	snapshot.get(GatewayClass, name)?.spec?.controllerName === "istio.io/mesh-controller"

/**
 * A waypoint serves its own namespace unless it says more: `allowedRoutes` of the Gateway API, whose default is Same.
 * Source: istio:pilot/pkg/serviceregistry/ambient/waypoints.go, AllowsAttachmentFromNamespaceOrLookup
 */
function admits(snapshot: Snapshot, gateway: GatewayShape, namespace: string): boolean {
	const labels = snapshot.get(kinds.Namespace, namespace)?.metadata.labels ?? {}
	return (gateway.spec?.listeners ?? []).some(({allowedRoutes}) => {
		const {from, selector} = allowedRoutes?.namespaces ?? {}
		return from === "All" || (from === "Selector" && selector !== undefined && selects(selector, labels))
	})
}

function unprogrammed(snapshot: Snapshot, {namespace, name}: WaypointRef): string | undefined {
	const gateway = snapshot.get(Gateway, name, namespace)
	if (gateway === undefined) return `there is no Gateway ${namespace}/${name}`
	return isProgrammed(gateway) ? undefined : `the Gateway ${namespace}/${name} is not Programmed`
}

export const isProgrammed = ({status}: GatewayShape): boolean =>
	(status?.conditions ?? []).some((one) => one.type === "Programmed" && one.status === "True")
