import type {Feature} from "../../features.ts"
import type {KubeObject} from "../../snapshot/object.ts"
import type {Field} from "../read.ts"
import {reader, type Trait} from "../use.ts"

type Parent = {readonly kind: string; readonly name: string; readonly namespace: string}
export type Route = {
	readonly parents: readonly Parent[]
	/** What it sends to, mirrors to among it. */
	readonly backends: readonly Parent[]
	/** A parent Service of another namespace: a consumer's route, that only holds for the route's own namespace. */
	readonly consumes: boolean
	/** Some parent is a Service: it acts on traffic inside of the cluster. */
	readonly inMesh: boolean
	readonly onGateways: boolean
	readonly traits: readonly Trait[]
}

const filterTraits: Readonly<Record<string, Trait>> = {
	RequestMirror: "RequestMirroring",
	URLRewrite: "URLRewrite",
	RequestRedirect: {name: "HTTPHeaderRouting", note: "for redirects"},
	RequestHeaderModifier: {name: "HTTPHeaderRouting", note: "for changed headers"},
	ResponseHeaderModifier: {name: "HTTPHeaderRouting", note: "for changed headers"},
	CORS: {name: "HTTPHeaderRouting", note: "for CORS"},
	ExtensionRef: {name: "ProxyCustomization", note: "for a filter of another API"},
}

export const readRoute = reader((spec, object): Route => {
	const own = object.metadata.namespace ?? ""
	const parents = spec
		.at("parentRefs")
		.items()
		.map((ref) => ({
			kind: ref.at("kind").text() ?? "Gateway",
			name: ref.at("name").text() ?? "",
			namespace: ref.at("namespace").text() ?? own,
		}))
	const services = parents.filter(
		({kind}) => kind !== "Gateway" && kind !== "ListenerSet" && kind !== "XListenerSet",
	)
	const rules = spec.at("rules").items()
	return {
		parents,
		backends: rules.flatMap(backendsOf).map((ref) => ({
			kind: ref.at("kind").text() ?? "Service",
			name: ref.at("name").text() ?? "",
			namespace: ref.at("namespace").text() ?? own,
		})),
		consumes: services.some(({namespace}) => namespace !== own),
		inMesh: services.length > 0,
		onGateways: parents.length > services.length,
		traits: rules.flatMap((rule) => ruleTraits(rule, object)),
	}
})

function backendsOf(rule: Field): readonly Field[] {
	const backends = rule.at("backendRefs").items()
	const mirrors = rule
		.at("filters")
		.items()
		.map((filter) => filter.at("requestMirror").at("backendRef"))
		.filter(({present}) => present)
	return [...backends, ...mirrors]
}

function ruleTraits(rule: Field, {kind}: KubeObject): readonly Trait[] {
	const backends = rule.at("backendRefs").items()
	const filters = [rule, ...backends].flatMap((one) => one.at("filters").items())
	const found: Trait[] = filters.flatMap((filter) => filterTraits[filter.at("type").text() ?? ""] ?? [])
	if (backends.length > 1) found.push("TrafficSplit")
	return [
		...found,
		...(kind === "HTTPRoute"
			? httpTraits(rule, found)
			: ([kind === "GRPCRoute" ? "GRPCRouting" : "TCPRouting"] as const)),
	]
}

const byPresence: readonly (readonly [key: string, feature: Feature])[] = [
	["timeouts", "HTTPTimeout"],
	["retry", "HTTPRetry"],
	["sessionPersistence", "SessionAffinity"],
]

function httpTraits(rule: Field, before: readonly Trait[]): readonly Trait[] {
	const found: Trait[] = byPresence.filter(([key]) => rule.at(key).present).map(([, feature]) => feature)
	if (rule.at("matches").items().some(isHTTPMatch)) found.push("HTTPHeaderRouting")
	const plain = before.length + found.length === 0
	return plain ? [{name: "HTTPHeaderRouting", note: "for a route by host alone"}] : found
}

/** The API server's default, every path, matches nothing in particular. */
function isHTTPMatch(match: Field): boolean {
	const path = match.at("path")
	const any =
		(path.at("type").text() ?? "PathPrefix") === "PathPrefix" && (path.at("value").text() ?? "/") === "/"
	return match.hasAny(["headers", "queryParams", "method"]) || !any
}

/** What a gateway does with a route is not the business of the namespace's dataplane. */
export function routeTraits({inMesh, onGateways, traits}: Route): readonly Trait[] {
	return [...(inMesh ? traits : []), ...(onGateways ? (["Ingress"] as const) : [])]
}
