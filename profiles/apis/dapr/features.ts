import type {Snapshot} from "../../snapshot/snapshot.ts"
import {joined, reader, type Trait, type Uses, usesOf} from "../use.ts"
import {DaprConfiguration, Resiliency} from "./kinds.ts"

const readConfiguration = reader((spec) => ({
	// Dapr samples nothing unless a rate is given, as a string of digits (docs.dapr.io, configuration overview).
	tracing: Number(spec.at("tracing").at("samplingRate").text() ?? "0") > 0,
	access: spec.at("accessControl").present,
	denies: spec.at("accessControl").at("defaultAction").text() === "deny",
	handlers: spec
		.at("httpPipeline")
		.at("handlers")
		.items()
		.map((handler) => handler.at("type").text() ?? ""),
}))

type ConfigurationView = ReturnType<typeof readConfiguration>["value"]

/** Middleware of Dapr's that does what a mesh may do as well (docs.dapr.io, supported middleware). */
const middleware: readonly (readonly [string, Trait])[] = [
	["middleware.http.bearer", "JWTAuthentication"],
	["middleware.http.ratelimit", "LocalRateLimit"],
	["middleware.http.wasm", {name: "WasmExtension", note: "http-wasm in daprd, no proxy-wasm"}],
]

function configurationTraits({tracing, access, denies, handlers}: ConfigurationView): readonly Trait[] {
	return [
		...(tracing ? (["Tracing"] as const) : []),
		...(access ? (["L7Authorization"] as const) : []),
		...(denies ? (["ExplicitDeny"] as const) : []),
		...middleware.filter(([type]) => handlers.includes(type)).map(([, trait]) => trait),
	]
}

const readResiliency = reader((spec) => {
	const policies = spec.at("policies")
	const named = (kind: string) => policies.at(kind).entries().length > 0
	return {timeouts: named("timeouts"), retries: named("retries"), breakers: named("circuitBreakers")}
})

function resiliencyTraits({
	timeouts,
	retries,
	breakers,
}: ReturnType<typeof readResiliency>["value"]): readonly Trait[] {
	return [
		...(timeouts ? (["HTTPTimeout"] as const) : []),
		...(retries ? (["HTTPRetry"] as const) : []),
		...(breakers ? (["OutlierDetection"] as const) : []),
	]
}

/**
 * What a namespace makes use of by Dapr's own objects. daprd carries it for calls through Dapr whatever the dataplane
 * is: these are no needs of a dataplane, and `in-use.ts` does not count them. Of Configurations those count that a pod
 * template names.
 */
export function daprFeatures(snapshot: Snapshot, namespace: string, named: ReadonlySet<string>): Uses {
	const configurations = snapshot
		.list(DaprConfiguration, namespace)
		.filter(({metadata}) => named.has(metadata.name))
	return joined([
		usesOf(configurations, readConfiguration, configurationTraits),
		usesOf(snapshot.list(Resiliency, namespace), readResiliency, resiliencyTraits),
	])
}

/** Whether a control plane's Configuration has Dapr's own mutual TLS on; on is Dapr's default. */
export function mutualTLSOf(snapshot: Snapshot, namespace: string): boolean {
	const configuration = snapshot.get(DaprConfiguration, "daprsystem", namespace)
	return configuration === undefined || readMutualTLS(configuration).value !== false
}

const readMutualTLS = reader((spec) => spec.at("mtls").at("enabled").flag())
