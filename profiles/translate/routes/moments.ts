import type {RouteWorld} from "../../routing/backends.ts"
import {decideByHTTPRoutes} from "../../routing/decide-http-route.ts"
import {decideByVirtualService} from "../../routing/decide-virtual-service.ts"
import {readVirtualRoutes} from "../../routing/read-virtual-service.ts"
import type {Outcome, RoutedRequest} from "../../routing/request.ts"
import {type KubeObject, refOf} from "../../snapshot/object.ts"
import type {Service} from "../../snapshot/shapes.ts"
import type {Translated} from "../types.ts"

/**
 * Who applies routes to a request at one moment of a move: the sidecar of its caller, or the waypoint where the caller
 * has moved. A sidecar gets around the waypoint (istio#51445), so there is always exactly one.
 */
export type RouteMoment = {readonly name: string; readonly decide: (request: RoutedRequest) => Outcome}

/** Every moment of carrying one VirtualService over, each as what a request meets then. */
export function routeMoments(
	source: KubeObject,
	world: RouteWorld,
	made: Translated,
): readonly RouteMoment[] {
	const written = {routes: readVirtualRoutes(source).value, namespace: source.metadata.namespace ?? ""}
	const of = (kind: string, objects: readonly KubeObject[]) => objects.filter((one) => one.kind === kind)
	const during: RouteWorld = {
		services: [...world.services, ...(of("Service", made.before) as readonly Service[])],
		rules: [...world.rules, ...of("DestinationRule", made.before)],
	}
	const end: RouteWorld = {
		services: during.services,
		rules: [
			...during.rules.filter((one) => !made.retired.includes(refOf(one))),
			...of("DestinationRule", made.after),
		],
	}
	const routes = of("HTTPRoute", made.before)
	return [
		{
			name: "a sidecar that reads the VirtualService",
			decide: (one) => decideByVirtualService(during, written, one),
		},
		{name: "a proxy that reads the route", decide: (one) => decideByHTTPRoutes(during, routes, one)},
		{name: "the waypoint in the end", decide: (one) => decideByHTTPRoutes(end, routes, one)},
	]
}
