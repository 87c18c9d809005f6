import {labelOf} from "../../pods.ts"
import type {KubeObject} from "../../snapshot/object.ts"
import {reader, type Trait} from "../use.ts"
import {readAttachment} from "./scope.ts"

export const readEnvoyFilter = reader((spec) => {
	const patches = spec.at("configPatches").items()
	const contexts = patches.map((patch) => patch.at("match").at("context").text() ?? "ANY")
	const names = patches.map((patch) => patch.at("patch").at("value").at("name").text() ?? "")
	return {...readAttachment(spec, "workloadSelector"), contexts, names}
})

type EnvoyFilterView = ReturnType<typeof readEnvoyFilter>["value"]

/** A patch of gateways alone, or one that Istio's installer itself made, customizes no proxy of the namespace. */
export function envoyFilterTraits({contexts, names}: EnvoyFilterView, object: KubeObject): readonly Trait[] {
	const installed = labelOf(object, "operator.istio.io/component") !== undefined
	if (installed || (contexts.length > 0 && contexts.every((context) => context === "GATEWAY"))) return []
	const found: Trait[] = ["ProxyCustomization"]
	if (names.includes("envoy.filters.http.local_ratelimit")) found.push("LocalRateLimit")
	if (names.includes("envoy.filters.http.ratelimit")) found.push("GlobalRateLimit")
	return found
}

export const readExtension = reader((spec) => ({...readAttachment(spec), lua: spec.at("lua").present}))

/** WasmPlugin and TrafficExtension; the latter may carry Lua, which is a patch of the proxy by other means. */
export function extensionTraits({lua}: {readonly lua: boolean}): readonly Trait[] {
	return [lua ? "ProxyCustomization" : "WasmExtension"]
}

export const readRequestAuthentication = reader((spec) => ({
	...readAttachment(spec),
	rules: spec.at("jwtRules").items().length,
}))

export function requestAuthenticationTraits({rules}: {readonly rules: number}): readonly Trait[] {
	return rules > 0 ? ["JWTAuthentication"] : []
}

export const readTelemetry = reader((spec) => ({
	...readAttachment(spec),
	tracing: spec
		.at("tracing")
		.items()
		.some((one) => one.at("disableSpanReporting").flag() !== true),
	logging: spec
		.at("accessLogging")
		.items()
		.some((one) => one.at("disabled").flag() !== true),
	metrics: spec.at("metrics").items().length > 0,
}))

export function telemetryTraits(view: {
	readonly tracing: boolean
	readonly logging: boolean
	readonly metrics: boolean
}): readonly Trait[] {
	return [
		...(view.tracing ? (["Tracing"] as const) : []),
		...(view.logging ? (["AccessLogs"] as const) : []),
		...(view.metrics ? (["L7Metrics"] as const) : []),
	]
}

export const readServiceEntry = reader((spec) => ({
	external: spec.at("location").text() !== "MESH_INTERNAL",
	hosts: spec.at("hosts").texts(),
}))

export function serviceEntryTraits({
	external,
	hosts,
}: {
	readonly external: boolean
	readonly hosts: readonly string[]
}): readonly Trait[] {
	return external && hosts.length > 0 ? ["EgressByFQDN"] : []
}

export const readSidecar = reader((spec) => ({
	registryOnly: spec.at("outboundTrafficPolicy").at("mode").text() === "REGISTRY_ONLY",
	/** For every pod of the namespace. */
	allowsAny:
		spec.at("outboundTrafficPolicy").at("mode").text() === "ALLOW_ANY" &&
		!spec.at("workloadSelector").present,
	ingress: spec.at("ingress").items().length > 0,
}))

/** A Sidecar that refuses hosts nobody knows is a rule about egress; any other tunes a proxy of its own. */
export function sidecarTraits({registryOnly}: {readonly registryOnly: boolean}): readonly Trait[] {
	return registryOnly ? [{name: "EgressByFQDN", note: "calls to known hosts only"}] : []
}
