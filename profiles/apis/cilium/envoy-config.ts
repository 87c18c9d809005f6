import type {KubeObject} from "../../snapshot/object.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"
import {reader, type Trait} from "../use.ts"
import {CiliumClusterwideEnvoyConfig, CiliumEnvoyConfig} from "./kinds.ts"

export type EnvoyConfig = {
	/** Services whose traffic goes through it, as `namespace/name`. */
	readonly services: readonly string[]
	/** HTTP filters that its raw resources name, the router left out. */
	readonly filters: readonly string[]
}

const filterName = /envoy\.filters\.http\.([a-z0-9_]+)/g

export const readEnvoyConfig = reader((spec, object): EnvoyConfig => {
	const own = object.metadata.namespace ?? ""
	const services = [...spec.at("services").items(), ...spec.at("backendServices").items()].map(
		(service) => `${service.at("namespace").text() ?? own}/${service.at("name").text() ?? ""}`,
	)
	const names = [...spec.at("resources").canonical().matchAll(filterName)].flatMap(([, name]) => name ?? [])
	return {services, filters: [...new Set(names)].filter((name) => name !== "router").sort()}
})

/** What Cilium's own controllers wrote for a Gateway, an Ingress or a route: those are looked at themselves. */
const isGenerated = ({metadata}: KubeObject) => (metadata.ownerReferences ?? []).length > 0

/** The Envoy configurations that people wrote for services of a namespace. */
export function envoyConfigsFor(snapshot: Snapshot, namespace: string): readonly KubeObject[] {
	const own = snapshot.list(CiliumEnvoyConfig, namespace)
	const wide = snapshot
		.list(CiliumClusterwideEnvoyConfig)
		.filter((object) =>
			readEnvoyConfig(object).value.services.some((service) => service.startsWith(`${namespace}/`)),
		)
	return [...own, ...wide].filter((object) => !isGenerated(object))
}

/** Raw configuration can do anything a filter does; nothing validates that it does. */
export function envoyConfigTraits({filters}: EnvoyConfig): readonly Trait[] {
	return [
		filters.length === 0
			? "ProxyCustomization"
			: {name: "ProxyCustomization", note: `by the filters ${filters.join(", ")}`},
	]
}
