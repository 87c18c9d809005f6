/** A chart that a component installs, and where its publisher keeps it. */
export type Chart = {
	/** The chart's own name, as its Chart.yaml and its archive have it. */
	readonly name: string
	/** The index of a chart repository, or the `oci://` reference of the chart. */
	readonly source: string
	/** How the publisher writes a version, where that is not the plain number. */
	readonly tag?: (version: string) => string
}

const istio = "https://istio-release.storage.googleapis.com/charts"
const linkerd = "https://helm.linkerd.io/edge"
const withV = (version: string) => `v${version}`

/**
 * Sources: istio.io/latest/docs/setup/install/helm, linkerd.io/2-edge/tasks/install-helm, docs.cilium.io
 * (installation with Helm), kmesh.net (quick start), gateway.envoyproxy.io (install with Helm), docs.dapr.io
 * (deploy with Helm).
 */
export const charts = {
	istioBase: {name: "base", source: istio},
	istiod: {name: "istiod", source: istio},
	istioCni: {name: "cni", source: istio},
	ztunnel: {name: "ztunnel", source: istio},
	linkerdCrds: {name: "linkerd-crds", source: linkerd},
	linkerdControlPlane: {name: "linkerd-control-plane", source: linkerd},
	cilium: {name: "cilium", source: "https://helm.cilium.io"},
	kmesh: {name: "kmesh-helm", source: "oci://ghcr.io/kmesh-net/kmesh-helm", tag: withV},
	envoyGateway: {
		name: "gateway-helm",
		source: "oci://docker.io/envoyproxy/gateway-helm",
		tag: withV,
	},
	dapr: {name: "dapr", source: "https://dapr.github.io/helm-charts"},
} as const satisfies Readonly<Record<string, Chart>>

export const tagOf = ({tag}: Chart, version: string): string => tag?.(version) ?? version
