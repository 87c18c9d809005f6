import {annotationOf, containersOf, hasEnded, initContainersOf} from "../../pods.ts"
import * as kinds from "../../snapshot/kinds.ts"
import type {Pod, PodTemplate} from "../../snapshot/shapes.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"

/** The proxy is there, native or not; also in a template that somebody injected by hand. */
export function hasLinkerdProxy({spec}: PodTemplate): boolean {
	return [...initContainersOf(spec), ...containersOf(spec)].some(({name}) => name === "linkerd-proxy")
}

/** The inbound policy that the injector started a proxy with, Linkerd's own default among them. */
export function startedWith({spec}: PodTemplate): string | undefined {
	const proxy = [...initContainersOf(spec), ...containersOf(spec)].find(({name}) => name === "linkerd-proxy")
	return proxy?.env?.find(({name}) => name === "LINKERD2_PROXY_INBOUND_DEFAULT_POLICY")?.value
}

export function hasIstio(pod: Pod): boolean {
	const proxied = [...initContainersOf(pod.spec), ...containersOf(pod.spec)].some(
		({name}) => name === "istio-proxy",
	)
	return proxied || ["enabled", "pending"].includes(annotationOf(pod, "ambient.istio.io/redirection") ?? "")
}

export const lasts = (pod: Pod) => !hasEnded(pod) && pod.spec?.hostNetwork !== true

/**
 * Which mesh holds pods of a namespace now. Where no pod is seen both may: what nobody has seen is no proof that a
 * policy is out of force.
 */
export function heldBy(
	snapshot: Snapshot,
	namespace: string,
): {readonly linkerd: boolean; readonly istio: boolean; readonly outsideLinkerd: boolean} {
	const pods = snapshot.list(kinds.Pod, namespace).filter(lasts)
	if (pods.length === 0) return {linkerd: true, istio: true, outsideLinkerd: true}
	return {
		linkerd: pods.some(hasLinkerdProxy),
		istio: pods.some(hasIstio),
		outsideLinkerd: !pods.every(hasLinkerdProxy),
	}
}
