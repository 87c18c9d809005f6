import {serviceNamed, serviceOfHost} from "../../routing/backends.ts"
import {readVirtualRoutes, type VirtualService} from "../../routing/read-virtual-service.ts"
import {type KubeObject, refOf} from "../../snapshot/object.ts"
import type {Service} from "../../snapshot/shapes.ts"
import {owned} from "../owned.ts"
import {type FieldVerdict, type Translation, worstOf} from "../types.ts"
import {ledTo, type Surrounding, type Version} from "./backends.ts"
import type {Channel} from "./retries.ts"
import {rulesOf} from "./rules.ts"

export type ToHTTPRoute = Pick<Surrounding, "world" | "hasPods"> & {
	readonly channel: Channel
	/** Other VirtualServices and routes for the same Services, by reference. */
	readonly besides: readonly string[]
}

export type CarriedRoute = {
	readonly translation: Translation
	readonly objects: readonly KubeObject[]
	readonly versions: readonly Version[]
}

/**
 * A VirtualService of the mesh as an HTTPRoute with its Services as parents. Both are read by sidecars and at a
 * waypoint as one and the same table of routes (istio:pilot/pkg/config/kube/gateway/conversion.go), so that where
 * every verdict is exact it does not matter which of them a proxy reads.
 */
export function toHTTPRoute(
	object: KubeObject,
	{world, hasPods, channel, besides}: ToHTTPRoute,
): CarriedRoute {
	const namespace = object.metadata.namespace ?? ""
	const routes = readVirtualRoutes(object).value
	const around: Surrounding = {world, namespace, hasPods}
	const parents = parentsOf(routes, around)
	const ports = parents.services.flatMap(({spec}) => (spec?.ports ?? []).map(({port}) => port))
	const made = rulesOf(routes.http, {...around, channel, ports})
	const fields = [
		...parents.fields,
		...scopeFields(routes),
		...besidesFields(besides),
		...connectionFields(routes, around),
		...made.fields,
	]
	const verdict = worstOf(fields)
	const source = refOf(object)
	if (verdict === "blocked")
		return {translation: {source, verdict, fields, objects: []}, objects: [], versions: []}
	const route = owned({
		source: object,
		role: "copy",
		namespace,
		name: `heddle-${object.metadata.name}`,
		type: {apiVersion: "gateway.networking.k8s.io/v1", kind: "HTTPRoute"},
		spec: {
			parentRefs: parents.services.map(({metadata: {name}}) => ({group: "", kind: "Service", name})),
			rules: made.rules,
		},
	})
	const objects = routes.http.length === 0 ? [] : [route]
	return {translation: {source, verdict, fields, objects}, objects, versions: made.versions}
}

/** The Services that the hosts stand for, each once. */
function parentsOf({hosts}: VirtualService, {world, namespace}: Surrounding) {
	const found = hosts.map((host, index) => {
		const about = serviceOfHost(host, namespace)
		const service =
			about === undefined || about.namespace !== namespace ? undefined : serviceNamed(world, about)
		return {path: `spec.hosts[${index}]`, host, service}
	})
	const services = new Map(
		found.flatMap(({service}) => (service === undefined ? [] : [[service.metadata.name, service] as const])),
	)
	return {
		services: [...services.values()],
		fields: found.map(({path, host, service}): FieldVerdict => {
			const note = wrongParent(host, service)
			return note === undefined ? {path, verdict: "exact"} : {path, verdict: "blocked", note}
		}),
	}
}

function wrongParent(host: string, service: Service | undefined): string | undefined {
	if (service === undefined) return `${host} is no Service of the namespace`
	if (service.spec?.clusterIP === "None")
		return `the Service ${service.metadata.name} is headless: no waypoint stands in front of its pods`
	if (service.spec?.type === "ExternalName") return `${host} is a name outside of the cluster`
	return undefined
}

function scopeFields({gateways, exportTo}: VirtualService): readonly FieldVerdict[] {
	return [
		...(gateways.some((one) => one !== "mesh")
			? [
					{
						path: "spec.gateways",
						verdict: "blocked" as const,
						note: "it is for gateways as well, which would lose it",
					},
				]
			: []),
		...(exportTo.length > 0 && !exportTo.includes("*")
			? [
					{
						path: "spec.exportTo",
						verdict: "approximated" as const,
						note: "an HTTPRoute holds for callers of every namespace",
					},
				]
			: []),
	]
}

const besidesFields = (besides: readonly string[]): readonly FieldVerdict[] =>
	besides.length === 0
		? []
		: [{path: "spec.hosts", verdict: "blocked", note: `${besides.join(", ")} is for the same Service`}]

/** A rule that sends every connection to the Service that it was for says nothing; all others need more than HTTP. */
function connectionFields(routes: VirtualService, around: Surrounding): readonly FieldVerdict[] {
	const own = routes.hosts.flatMap((host) => serviceOfHost(host, around.namespace)?.name ?? [])
	return routes.connections.map(({path, plain, destinations}) => {
		const [only] = destinations
		const led = only && ledTo(only, around)
		const isIdle =
			plain &&
			destinations.length === 1 &&
			own.length === 1 &&
			led?.version === undefined &&
			led?.ref?.name === own[0] &&
			(serviceNamed(around.world, {name: own[0] ?? "", namespace: around.namespace})?.spec?.ports ?? [])
				.length === 1
		return isIdle
			? {path, verdict: "exact", note: "connections go to this Service anyway"}
			: {path, verdict: "blocked", note: "an HTTPRoute is for HTTP alone"}
	})
}
