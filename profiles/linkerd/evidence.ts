import {hasLinkerdProxy} from "../apis/linkerd/pods.ts"
import type {Evidence} from "../dataplane.ts"
import {annotationOf, initContainersOf, labelOf, proxyOf} from "../pods.ts"
import type {Pod} from "../snapshot/shapes.ts"

/** Init containers of which one is in every injected pod: one redirects, the other checks that linkerd-cni did. */
const redirects = ["linkerd-init", "linkerd-network-validator"]

/**
 * A pod is in when the proxy is there: no other mesh may capture it then, whoever wrote the container. It is ready only
 * when traffic is redirected to that proxy as well. Marks alone can be copied by hand, or say that injection was asked
 * for and did not happen.
 */
export function evidence(pod: Pod): Evidence | undefined {
	if (!hasLinkerdProxy(pod)) return withoutProxy(pod)
	const proxy = proxyOf(pod, "linkerd-proxy")
	if (proxy === undefined)
		return {
			state: "in",
			ready: false,
			detail: "linkerd-proxy is an init container that ends: it carries nothing",
		}
	const kind = proxy.native ? "the native sidecar linkerd-proxy" : "the container linkerd-proxy"
	if (!initContainersOf(pod.spec).some(({name}) => redirects.includes(name)))
		return {state: "in", ready: false, detail: `${kind} is there, nothing redirects traffic to it`}
	if (proxy.status === undefined)
		return {state: "in", ready: false, detail: `${kind} is there, nothing tells whether it is ready`}
	const ready = proxy.status.ready === true
	return {state: "in", ready, detail: `${kind} is ${ready ? "ready" : "not ready"}`}
}

function withoutProxy(pod: Pod): Evidence | undefined {
	const broken = (detail: string): Evidence => ({state: "broken", ready: false, detail})
	if (
		annotationOf(pod, "linkerd.io/proxy-version") !== undefined ||
		labelOf(pod, "linkerd.io/control-plane-ns") !== undefined
	)
		return broken("marks of Linkerd's injector are there, the container linkerd-proxy is not")
	const asked = annotationOf(pod, "linkerd.io/inject")
	if (asked !== "enabled" && asked !== "ingress") return undefined
	const istio = proxyOf(pod, "istio-proxy") !== undefined
	return broken(
		istio
			? "linkerd.io/inject asks for a proxy, and istio-proxy was there first: Linkerd left the pod out"
			: "linkerd.io/inject asks for a proxy, and the injector did not add one",
	)
}
