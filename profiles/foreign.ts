import {annotationOf, containersOf, initContainersOf, labelOf, proxyOf} from "./pods.ts"
import type {Container, Pod, PodTemplate} from "./snapshot/shapes.ts"

/**
 * Marks of dataplanes that have no folder here, so that their pods are never taken for unmeshed ones and captured a
 * second time. The line of a dataplane goes when its folder comes.
 */
export const foreignMarks: readonly {
	readonly dataplane: string
	readonly detail: string
	readonly marks: (pod: Pod) => boolean
}[] = [
	{
		dataplane: "kuma",
		detail: "a container kuma-sidecar is there",
		marks: (pod) => proxyOf(pod, "kuma-sidecar") !== undefined,
	},
]

/** MOSN runs under the container name of Istio's own proxy; only the image tells them apart. */
export function isMosn(pod: Pod): boolean {
	return isMosnImage(proxyOf(pod, "istio-proxy")?.container.image)
}

export const isMosnImage = (image: string | undefined): boolean => /(^|\/)mosnio\//.test(image ?? "")

/** Why pods are the proxies of a gateway or of a waypoint rather than a workload; undefined when they are one. */
export function gatewayMark(template: PodTemplate): string | undefined {
	if (labelOf(template, "gateway.networking.k8s.io/gateway-name") !== undefined) {
		return "it is the proxy of a Gateway: the label gateway.networking.k8s.io/gateway-name is there"
	}
	if (annotationOf(template, "inject.istio.io/templates")?.split(",").includes("gateway")) {
		return "it is an ingress or egress gateway: it asks for Istio's injection template gateway"
	}
	const role = roleIn(initContainersOf(template.spec)) ?? roleIn(containersOf(template.spec))
	return role && `its proxy runs as a ${role}, not beside an application`
}

/** Asked of every pod of a cluster: loops, so that nothing is made. */
function roleIn(containers: readonly Container[]): string | undefined {
	for (const {name, args} of containers) {
		if (name !== "istio-proxy" || !Array.isArray(args)) continue
		const role = args.find((arg) => arg === "router" || arg === "waypoint")
		if (role !== undefined) return role
	}
	return undefined
}
