import {GRPCRoute, HTTPRoute, TCPRoute, TLSRoute} from "../apis/gateway-api/kinds.ts"
import {readRoute} from "../apis/gateway-api/routes.ts"
import {ServiceProfile} from "../apis/linkerd/kinds.ts"
import {routedBy} from "../apis/linkerd/settings.ts"
import type {Field} from "../apis/read.ts"
import {reader} from "../apis/use.ts"
import type {Reason} from "../reason.ts"
import {reason} from "../reasons.ts"
import {type KubeObject, refOf} from "../snapshot/object.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"
import * as known from "./route-fields.ts"

/** Routes that Linkerd's proxies would read otherwise than they are written, or not at all. */
export function routeHazards(snapshot: Snapshot, namespace: string): readonly Reason[] {
	const routes = [HTTPRoute, GRPCRoute]
		.flatMap((kind) => snapshot.list(kind, namespace))
		.filter((object) => readRoute(object).value.inMesh)
	const others = [TCPRoute, TLSRoute]
		.flatMap((kind) => snapshot.list(kind, namespace))
		.filter((object) => readRoute(object).value.inMesh)
	return [
		...routes.flatMap(oddHazards),
		...[...routes, ...others].map(sharedHazard),
		...profileHazards(snapshot, namespace, routes),
	]
}

type Oddities = {
	/** Paths for which the whole route is ignored. */
	readonly ignored: readonly string[]
	/** Paths of filters on backends, to which requests then fail. */
	readonly failing: readonly string[]
	/** Paths of fields that are taken and not used. */
	readonly unused: readonly string[]
}

const readOddities = reader((spec): Oddities => {
	const rules = spec.at("rules").items()
	const backends = rules.flatMap((rule) => rule.at("backendRefs").items())
	const matches = rules.flatMap((rule) => rule.at("matches").items())
	return {
		ignored: [
			...beyond(spec, known.spec),
			...rules.flatMap((rule) => beyond(rule, known.rule)),
			...matches.flatMap((match) => beyond(match, known.match)),
			...backends.flatMap((backend) => beyond(backend, known.backend)),
			...rules.flatMap((rule) => unsupportedFilters(rule)),
		],
		failing: backends.flatMap((backend) => unsupportedFilters(backend)),
		unused: rules.flatMap((rule) =>
			known.unused.filter((key) => rule.at(key).present).map((key) => rule.at(key).path),
		),
	}
})

const beyond = (field: Field, keys: ReadonlySet<string>): readonly string[] =>
	field.entries().flatMap(([key, member]) => (keys.has(key) ? [] : [member.path]))

function unsupportedFilters(holder: Field): readonly string[] {
	return holder
		.at("filters")
		.items()
		.map((filter) => filter.at("type"))
		.filter((type) => !known.filters.has(type.text() ?? ""))
		.map((type) => `${type.path} ${type.text() ?? "(none)"}`)
}

function oddHazards(object: KubeObject): readonly Reason[] {
	const ref = refOf(object)
	const {ignored, failing, unused} = readOddities(object).value
	const say = (paths: readonly string[]) => [...new Set(paths)].join(", ")
	return [
		...(ignored.length === 0
			? []
			: [
					reason("LinkerdRouteIgnored", {
						object: ref,
						message: `${ref} would be ignored as a whole for ${say(ignored)}.`,
					}),
				]),
		...(failing.length === 0
			? []
			: [
					reason("LinkerdBackendFails", {
						object: ref,
						message: `Requests of ${ref} would fail at the backends with ${say(failing)}.`,
					}),
				]),
		...(unused.length === 0
			? []
			: [
					reason("LinkerdRouteFieldUnused", {
						object: ref,
						message: `${ref} would be applied without ${say(unused)}.`,
					}),
				]),
	]
}

function sharedHazard(object: KubeObject): Reason {
	const ref = refOf(object)
	const services = readRoute(object)
		.value.parents.filter(({kind}) => kind === "Service")
		.map(({name}) => name)
	const message = `${ref} is for the Service ${services.join(", ")} and names no mesh: each one reads it.`
	return reason("RouteReadByEveryMesh", {object: ref, message})
}

function profileHazards(
	snapshot: Snapshot,
	namespace: string,
	routes: readonly KubeObject[],
): readonly Reason[] {
	return snapshot.list(ServiceProfile, namespace).flatMap((profile) => {
		const [service] = profile.metadata.name.split(".")
		const hidden = [
			...routes.filter((route) => readRoute(route).value.parents.some(({name}) => name === service)),
			...routedBy(snapshot, namespace)
				.map(({object}) => object)
				.filter(({kind, metadata}) => kind === "Service" && metadata.name === service),
		]
		if (hidden.length === 0) return []
		const message = `${refOf(profile)} hides ${hidden.map(refOf).join(", ")} from Linkerd.`
		return [reason("ServiceProfileOverridesRoute", {object: refOf(profile), message})]
	})
}
