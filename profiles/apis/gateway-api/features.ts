import type {KubeObject} from "../../snapshot/object.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"
import {joined, reader, type Uses, usesOf} from "../use.ts"
import {backendTLS} from "./backend-tls.ts"
import {sharedRoutes} from "./gamma.ts"
import {Gateway, GRPCRoute, HTTPRoute, TCPRoute, TLSRoute} from "./kinds.ts"
import {readRoute, routeTraits} from "./routes.ts"

const readGateway = reader((spec) => spec.at("gatewayClassName").text() ?? "")

/** The routes of a namespace: producers' routes hold for every client of its services, consumers' for itself. */
export function routesIn(snapshot: Snapshot, namespace: string): readonly KubeObject[] {
	return [HTTPRoute, GRPCRoute, TCPRoute, TLSRoute].flatMap((kind) => snapshot.list(kind, namespace))
}

/** What a namespace makes use of by objects of the Gateway API. */
export function features(snapshot: Snapshot, namespace: string): Uses {
	const routes = routesIn(snapshot, namespace)
	return joined([
		usesOf(routes, readRoute, routeTraits),
		{uses: [], reasons: sharedRoutes(snapshot, routes)},
		backendTLS(snapshot, namespace, routes),
		usesOf(snapshot.list(Gateway, namespace), readGateway, (name) =>
			name.endsWith("-waypoint") ? [] : ["Ingress"],
		),
	])
}
