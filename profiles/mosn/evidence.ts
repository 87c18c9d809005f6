import type {Evidence} from "../dataplane.ts"
import {isMosn} from "../foreign.ts"
import {annotationOf, labelOf, proxyOf} from "../pods.ts"
import type {Pod} from "../snapshot/shapes.ts"

/**
 * MOSN runs under the name of Istio's own proxy, with the injector's annotation: only the image tells. What its
 * process says of itself (`server_info`) no API object holds.
 */
export function evidence(pod: Pod): Evidence | undefined {
	const proxy = proxyOf(pod, "istio-proxy")
	if (proxy === undefined || !isMosn(pod)) return undefined
	if (annotationOf(pod, "sidecar.istio.io/status") === undefined) {
		const detail =
			"a container istio-proxy with MOSN's image is there, the injector's annotation sidecar.istio.io/status is not"
		return {state: "broken", ready: false, detail}
	}
	const revision = annotationOf(pod, "istio.io/rev") ?? labelOf(pod, "istio.io/rev")
	const ready = proxy.status?.ready === true
	return {
		state: "in",
		ready,
		...(revision === undefined ? {} : {revision}),
		detail: `the container istio-proxy runs MOSN (${proxy.container.image}) and is ${ready ? "ready" : "not ready"}`,
	}
}
