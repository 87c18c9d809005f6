import {annotationOf} from "../../pods.ts"
import * as kinds from "../../snapshot/kinds.ts"
import type {KubeObject} from "../../snapshot/object.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"
import {templatesIn} from "../../workloads.ts"
import * as gateway from "../gateway-api/kinds.ts"
import {reader, type Trait, type Use} from "../use.ts"
import {EgressNetwork, HTTPRoute} from "./kinds.ts"

/** Prefixes of annotations by which Linkerd retries, gives up and leaves endpoints out. */
const routing: readonly (readonly [prefix: string, trait: Trait])[] = [
	["retry.linkerd.io/", "HTTPRetry"],
	["timeout.linkerd.io/", "HTTPTimeout"],
	["balancer.linkerd.io/failure-accrual", "OutlierDetection"],
	["balancer.alpha.linkerd.io/failure-accrual", "OutlierDetection"],
	[
		"balancer.alpha.linkerd.io/",
		{name: "WorkloadLoadBalancing", note: "by an alpha annotation of Linkerd's"},
	],
]

const keysOf = ({metadata}: KubeObject): readonly string[] => Object.keys(metadata.annotations ?? {})

/** What the annotations of a Service, of a route or of an EgressNetwork make of the traffic to it. */
function routingTraits(object: KubeObject): readonly Trait[] {
	const found = keysOf(object).flatMap((key) => routing.find(([prefix]) => key.startsWith(prefix))?.[1] ?? [])
	return [...new Set(found)]
}

/** Objects of a namespace whose annotations Linkerd routes by. */
export function routedBy(
	snapshot: Snapshot,
	namespace: string,
): readonly {readonly object: KubeObject; readonly traits: readonly Trait[]}[] {
	return [kinds.Service, gateway.HTTPRoute, gateway.GRPCRoute, HTTPRoute, EgressNetwork]
		.flatMap((kind): readonly KubeObject[] => snapshot.list(kind, namespace))
		.map((object) => ({object, traits: routingTraits(object)}))
		.filter(({traits}) => traits.length > 0)
}

/** The namespace, and every workload by its template, that has an annotation of this name. */
export function annotated(snapshot: Snapshot, namespace: string, key: string): readonly KubeObject[] {
	const own = snapshot.get(kinds.Namespace, namespace)
	return [
		...(own !== undefined && annotationOf(own, key) !== undefined ? [own] : []),
		...templatesIn(snapshot, namespace)
			.filter(({template}) => annotationOf(template, key) !== undefined)
			.map(({object}) => object),
	]
}

export const asUse =
	(object: KubeObject) =>
	(trait: Trait): Use =>
		typeof trait === "string" ? {name: trait, object} : {...trait, object}

export const readServiceProfile = reader((spec) => {
	const routes = spec.at("routes").items()
	return {
		retries: routes.some((route) => route.at("isRetryable").flag() === true),
		timeouts: routes.some((route) => route.at("timeout").text() !== undefined),
		splits: spec.at("dstOverrides").items().length > 0,
	}
})

type Profile = ReturnType<typeof readServiceProfile>["value"]

export function profileTraits({retries, timeouts, splits}: Profile): readonly Trait[] {
	return [
		...(retries ? (["HTTPRetry"] as const) : []),
		...(timeouts ? (["HTTPTimeout"] as const) : []),
		...(splits ? (["TrafficSplit"] as const) : []),
	]
}
