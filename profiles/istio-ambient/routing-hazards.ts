import {routesIn} from "../apis/gateway-api/features.ts"
import {readRoute} from "../apis/gateway-api/routes.ts"
import {namespaceOfHost} from "../apis/hosts.ts"
import {destinationRulesFor, readDestinationRule} from "../apis/istio/destination-rule.ts"
import {readVirtualService, virtualServicesFor} from "../apis/istio/virtual-service.ts"
import type {Reason} from "../reason.ts"
import {reason} from "../reasons.ts"
import * as kinds from "../snapshot/kinds.ts"
import {type KubeObject, refOf} from "../snapshot/object.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"

/** Routes and rules that a waypoint would apply differently, or that nobody would apply any more. */
export function routingHazards(snapshot: Snapshot, namespace: string, on = "ambient"): readonly Reason[] {
	const virtualServices = virtualServicesFor(snapshot, namespace).filter(
		(object) => readVirtualService(object).value.inMesh,
	)
	const rules = destinationRulesFor(snapshot, namespace)
	const routes = routesIn(snapshot, namespace)
	return [
		...virtualServices.flatMap((object) => virtualServiceHazards(snapshot, {namespace, object, on})),
		...rules.flatMap((object) => ruleHazards(snapshot, {namespace, object, on})),
		...routes
			.filter((object) => readRoute(object).value.consumes)
			.map((object) => consumerHazard(object, on)),
	]
}

const isOwn = (object: KubeObject, namespace: string) => object.metadata.namespace === namespace

/** `on`: the dataplane's name in messages. */
type Place = {readonly namespace: string; readonly object: KubeObject; readonly on: string}

function virtualServiceHazards(snapshot: Snapshot, {namespace, object, on}: Place): readonly Reason[] {
	const ref = refOf(object)
	const {subsets, hosts} = readVirtualService(object).value
	const message = `${ref} would be applied at a waypoint, where VirtualServices are alpha.`
	return [
		...(subsets.length > 0 ? [subsetHazard(object, subsets)] : []),
		...mixHazard(snapshot, object),
		...(isOwn(object, namespace) ? clientSideHazard(snapshot, {object, hosts, on}) : []),
		reason("VirtualServiceIsAlphaAtWaypoint", {object: ref, message}),
	]
}

function subsetHazard(object: KubeObject, subsets: readonly string[]): Reason {
	const ref = refOf(object)
	return reason("SubsetsUnsupported", {
		object: ref,
		message: `${ref} uses the subsets ${[...new Set(subsets)].join(", ")}.`,
	})
}

/** A route of the Gateway API and a VirtualService for the same Service. */
function mixHazard(snapshot: Snapshot, object: KubeObject): readonly Reason[] {
	const own = object.metadata.namespace ?? ""
	const targets = readVirtualService(object).value.hosts.map(
		(host) => `${namespaceOfHost(host, own)}/${host.split(".")[0]}`,
	)
	const spaces = [...new Set(targets.flatMap((target) => target.split("/")[0] ?? []))]
	const mixed = spaces
		.flatMap((space) => routesIn(snapshot, space))
		.filter((route) =>
			readRoute(route).value.parents.some(
				({kind, namespace, name}) => kind === "Service" && targets.includes(`${namespace}/${name}`),
			),
		)
	if (mixed.length === 0) return []
	const message = `${refOf(object)} and ${mixed.map(refOf).join(", ")} are for the same host.`
	return [reason("VirtualServiceMixedWithHTTPRoute", {object: refOf(object), message})]
}

/** A rule in this namespace about a service of another one: patterns and names outside of the cluster are not meant. */
function clientSideHazard(
	snapshot: Snapshot,
	{object, hosts, on}: {readonly object: KubeObject; readonly hosts: readonly string[]; readonly on: string},
): readonly Reason[] {
	const own = object.metadata.namespace ?? ""
	const foreign = hosts.filter((host) => {
		const [name = "", space, service] = host.split(".")
		const target = namespaceOfHost(host, own)
		if (target === undefined || target === own || target === "*") return false
		// `cart.shop` and `example.com` look alike: only a Service that is there tells.
		return service === "svc" || snapshot.get(kinds.Service, name, space) !== undefined
	})
	if (foreign.length === 0) return []
	const message = `${refOf(object)} is about ${foreign.join(", ")}, outside of the namespace; its own sidecars apply it, ${on} would not.`
	return [reason("ClientSideRuleUnsupported", {object: refOf(object), message})]
}

function ruleHazards(snapshot: Snapshot, {namespace, object, on}: Place): readonly Reason[] {
	const {host, subsets, tlsModes, traits} = readDestinationRule(object).value
	const ref = refOf(object)
	const own = isOwn(object, namespace)
	const mutual = tlsModes.includes("ISTIO_MUTUAL")
	const message = `${ref} makes callers of ${host} speak Istio's own mTLS (ISTIO_MUTUAL), which pods on ${on} do not understand.`
	return [
		...(subsets.length > 0 ? [subsetHazard(object, subsets)] : []),
		...(mutual ? [reason("DestinationRuleForcesIstioMutual", {object: ref, message})] : []),
		...(own && traits.length > 0 ? clientSideHazard(snapshot, {object, hosts: [host], on}) : []),
	]
}

function consumerHazard(object: KubeObject, on: string): Reason {
	const ref = refOf(object)
	const message = `${ref} has a parent Service in another namespace: sidecars of this namespace apply it, ${on} would not.`
	return reason("ClientSideRuleUnsupported", {object: ref, message})
}
