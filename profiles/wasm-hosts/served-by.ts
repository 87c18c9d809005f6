import {Gateway, GatewayClass} from "../apis/gateway-api/kinds.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"
import type {HostName} from "./host.ts"

/** Controllers of GatewayClasses, by the name that stands in `spec.controllerName`, each with its source. */
const controllers: Readonly<Record<string, HostName>> = {
	// istio:pkg/config/constants
	"istio.io/gateway-controller": "istio-gateway",
	"istio.io/unmanaged-gateway": "istio-gateway",
	"istio.io/mesh-controller": "istio-waypoint",
	// https://gateway.envoyproxy.io/docs/tasks/quickstart/
	"gateway.envoyproxy.io/gatewayclass-controller": "envoy-gateway",
	// https://apisix.apache.org/docs/ingress-controller/concepts/gateway-api/
	"apisix.apache.org/apisix-ingress-controller": "apisix",
}

/** What became of the question who serves a Gateway. */
export type ServedBy = {readonly host: HostName} | {readonly missing: string} | {readonly unknown: string}

/**
 * Who serves a Gateway, by the controller of its class. OpenResty without APISIX has no controller of Gateways: it is
 * never found here.
 */
export function servedBy(snapshot: Snapshot, namespace: string, name: string): ServedBy {
	const gateway = snapshot.get(Gateway, name, namespace)
	if (gateway === undefined) return {missing: `There is no Gateway ${namespace}/${name}`}
	const className = gateway.spec?.gatewayClassName ?? ""
	const controller = snapshot.get(GatewayClass, className)?.spec?.controllerName
	if (typeof controller !== "string")
		return {unknown: `There is no GatewayClass ${className} that tells who serves ${namespace}/${name}`}
	const host = controllers[controller]
	return host === undefined
		? {unknown: `${controller} serves ${namespace}/${name}, and it is no host of modules that Heddle knows`}
		: {host}
}
