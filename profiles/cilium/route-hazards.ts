import {satisfies} from "semver"
import {isAccepted, meshRoutesIn} from "../apis/cilium/routes.ts"
import {readRoute} from "../apis/gateway-api/routes.ts"
import type {Move} from "../dataplane.ts"
import type {Reason} from "../reason.ts"
import {reason} from "../reasons.ts"
import {type KubeObject, refOf} from "../snapshot/object.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"

/** Routes on Services, as Cilium reads them. */
export function routeHazards(snapshot: Snapshot, {namespace, to}: Move): readonly Reason[] {
	const routes = meshRoutesIn(snapshot, namespace)
	return [
		...routes.flatMap(routeHazard),
		// Without a version nothing says that the repair is there.
		...(to.version !== undefined && satisfies(to.version, ">=1.18.0", {includePrerelease: true})
			? []
			: crowded(routes)),
	]
}

function routeHazard(route: KubeObject): readonly Reason[] {
	const object = refOf(route)
	if (readRoute(route).value.consumes) {
		const message = `${object} is on a Service of another namespace, and Cilium knows no such routes.`
		return [reason("ConsumerRouteUnsupported", {object, message})]
	}
	if (isAccepted(route)) return []
	const message = `The status of ${object} does not say that Cilium has accepted it.`
	return [reason("RouteNotAcceptedByCilium", {object, message})]
}

function crowded(routes: readonly KubeObject[]): readonly Reason[] {
	const byService = new Map<string, KubeObject[]>()
	for (const route of routes.filter(({kind}) => kind === "HTTPRoute")) {
		const services = readRoute(route).value.parents.filter(({kind}) => kind === "Service")
		for (const name of new Set(services.map((one) => `${one.namespace}/${one.name}`)))
			byService.set(name, [...(byService.get(name) ?? []), route])
	}
	return [...byService]
		.filter(([, several]) => several.length > 1)
		.map(([service, several]) => {
			const message = `${several.map(refOf).join(" and ")} are on the Service ${service}, and Cilium would honour one of them.`
			return reason("SeveralRoutesPerService", {object: `Service/${service}`, message})
		})
}
