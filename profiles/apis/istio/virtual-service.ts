import type {Feature} from "../../features.ts"
import type {Field} from "../read.ts"
import {reader, type Trait} from "../use.ts"
import {VirtualService} from "./kinds.ts"
import {byHost} from "./scope.ts"

export type Routing = {
	readonly hosts: readonly string[]
	/** It is bound to the sidecars of the mesh, not to gateways alone. */
	readonly inMesh: boolean
	readonly onGateways: boolean
	readonly traits: readonly Trait[]
	/** Destinations with a subset, as `host/subset`. */
	readonly subsets: readonly string[]
}

const byPresence: readonly (readonly [key: string, feature: Feature])[] = [
	["timeout", "HTTPTimeout"],
	["retries", "HTTPRetry"],
	["mirror", "RequestMirroring"],
	["mirrors", "RequestMirroring"],
	["rewrite", "URLRewrite"],
	["fault", "FaultInjection"],
]
const httpMatches = [
	"uri",
	"scheme",
	"method",
	"authority",
	"headers",
	"withoutHeaders",
	"queryParams",
	"ignoreUriCase",
]
const httpChanges = ["redirect", "directResponse", "headers", "corsPolicy"]

export const readVirtualService = reader((spec): Routing => {
	const http = spec.at("http").items()
	const tcp = [...spec.at("tcp").items(), ...spec.at("tls").items()]
	const gateways = spec.at("gateways").texts()
	return {
		hosts: spec.at("hosts").texts(),
		inMesh: gateways.length === 0 || gateways.includes("mesh"),
		onGateways: gateways.some((gateway) => gateway !== "mesh"),
		traits: [...http.flatMap(httpTraits), ...tcp.flatMap(tcpTraits)],
		subsets: [...http, ...tcp].flatMap(subsetsOf),
	}
})

function httpTraits(route: Field): readonly Trait[] {
	const found: Trait[] = byPresence.filter(([key]) => route.at(key).present).map(([, feature]) => feature)
	if (
		route
			.at("match")
			.items()
			.some((match) => match.hasAny(httpMatches))
	)
		found.push("HTTPHeaderRouting")
	const changes = httpChanges.filter((key) => route.at(key).present)
	if (changes.length > 0) found.push({name: "HTTPHeaderRouting", note: `for ${changes.join(", ")}`})
	if (route.at("route").items().length > 1) found.push("TrafficSplit")
	// A bare route still sends a host somewhere by what HTTP says, which takes a proxy that reads HTTP.
	return found.length > 0 ? found : [{name: "HTTPHeaderRouting", note: "for a route by host alone"}]
}

function tcpTraits(route: Field): readonly Trait[] {
	return route.at("route").items().length > 1 ? ["TCPRouting", "TrafficSplit"] : ["TCPRouting"]
}

function subsetsOf(route: Field): readonly string[] {
	const mirrors = [
		route.at("mirror"),
		...route
			.at("mirrors")
			.items()
			.map((mirror) => mirror.at("destination")),
	]
	const destinations = [
		...route
			.at("route")
			.items()
			.map((one) => one.at("destination")),
		...mirrors,
	]
	return destinations.flatMap((destination) => {
		const subset = destination.at("subset").text()
		return subset === undefined ? [] : [`${destination.at("host").text() ?? ""}/${subset}`]
	})
}

/** What a gateway does with a route is not the business of the namespace's dataplane. */
export function virtualServiceTraits({inMesh, onGateways, traits}: Routing): readonly Trait[] {
	return [...(inMesh ? traits : []), ...(onGateways ? (["Ingress"] as const) : [])]
}

export const virtualServicesFor = byHost(VirtualService)
