import type {Evidence} from "../dataplane.ts"
import {gatewayMark, isMosn} from "../foreign.ts"
import {perSnapshot} from "../memo.ts"
import {annotationOf, labelOf, type ProxyContainer, proxyOf} from "../pods.ts"
import * as kinds from "../snapshot/kinds.ts"
import type {Pod} from "../snapshot/shapes.ts"

/**
 * A pod is in when the injector's annotation and the container are both there: either alone can be copied into a
 * template by hand. MOSN uses the same names and is told apart by its image.
 */
export function evidence(pod: Pod): Evidence | undefined {
	const proxy = proxyOf(pod, "istio-proxy")
	const injected = annotationOf(pod, "sidecar.istio.io/status") !== undefined
	if (isMosn(pod) || (proxy === undefined && !injected)) return undefined
	if (proxy === undefined)
		return broken("the annotation sidecar.istio.io/status is there, the container istio-proxy is not")
	if (!injected)
		return broken(
			"a container istio-proxy is there, the injector's annotation sidecar.istio.io/status is not",
		)
	const revision = annotationOf(pod, "istio.io/rev") ?? labelOf(pod, "istio.io/rev")
	return {
		state: "in",
		ready: proxy.status?.ready === true,
		...(revision === undefined ? {} : {revision}),
		detail: describe(proxy),
	}
}

function describe({native, status}: ProxyContainer): string {
	const kind = native ? "the native sidecar istio-proxy" : "the container istio-proxy"
	if (status === undefined) return `${kind} is there, nothing tells whether it is ready`
	return `${kind} is ${status.ready === true ? "ready" : "not ready"}`
}

function broken(detail: string): Evidence {
	return {state: "broken", ready: false, detail}
}

/** Ambient peers reach this pod by HBONE; without the label they send plaintext, for ztunnel speaks nothing else. */
export function speaksHBONE(pod: Pod): boolean {
	return labelOf(pod, "networking.istio.io/tunnel") === "http"
}

/** The namespaces in which pods with sidecars run. */
export const namespacesWithSidecars = perSnapshot((snapshot): readonly string[] => {
	const found = new Set<string>()
	for (const pod of snapshot.list(kinds.Pod)) {
		const namespace = pod.metadata.namespace ?? ""
		// Most pods share a namespace with one that was found already: they are not looked at.
		if (!found.has(namespace) && evidence(pod)?.state === "in" && gatewayMark(pod) === undefined)
			found.add(namespace)
	}
	return [...found]
})
