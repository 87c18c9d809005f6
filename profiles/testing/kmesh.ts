import type {KubeObject} from "../snapshot/object.ts"
import type {Pod} from "../snapshot/shapes.ts"
import {daemonSet, namespace, type PodOptions, pod, type SidecarPodOptions, sidecarPod} from "./builders.ts"

export type KmeshOptions = {
	readonly version?: string
	readonly mode?: "dual-engine" | "kernel-native"
	readonly ipsec?: boolean
	/** The Service of istiod that it is configured with. */
	readonly istiod?: string
	readonly readyNodes?: number
}

/** Kmesh's DaemonSet in `kmesh-system`, with a pod on each node, as its chart makes them. */
export function kmeshAgents(nodes: readonly string[] = ["n1"], options: KmeshOptions = {}): KubeObject[] {
	const {version = "v1.2.0", mode = "dual-engine", ipsec = false, readyNodes = nodes.length} = options
	const flags = `--mode=${mode} --enable-bypass=false${ipsec ? " --enable-ipsec" : ""}`
	const container = {
		name: "kmesh",
		image: `ghcr.io/kmesh-net/kmesh:${version}`,
		args: [`./start_kmesh.sh ${flags}`],
		env: [{name: "XDS_ADDRESS", value: `${options.istiod ?? "istiod"}.istio-system.svc:15012`}],
	}
	return [
		namespace("kmesh-system"),
		daemonSet("kmesh", {
			namespace: "kmesh-system",
			labels: {app: "kmesh", "app.kubernetes.io/version": "0.1.0"},
			nodes: nodes.length,
			readyNodes,
			template: {spec: {containers: [container]}},
		}),
		...nodes.map((node, index) =>
			pod(`kmesh-${node}`, {
				namespace: "kmesh-system",
				node,
				labels: {app: "kmesh"},
				ready: index < readyNodes,
				owner: {kind: "DaemonSet", name: "kmesh"},
			}),
		),
	]
}

/** A pod that Kmesh's agent has taken. */
export function kmeshPod(name: string, options: PodOptions = {}): Pod {
	return pod(name, {...options, annotations: {"kmesh.net/redirection": "enabled", ...options.annotations}})
}

/** A pod as Istio 1.10 injects MOSN into it: Istio's container name and annotation, a plain container, no HBONE. */
export function mosnPod(name: string, options: SidecarPodOptions = {}): Pod {
	return sidecarPod(name, {native: false, hbone: false, image: "mosnio/proxyv2:v1.0.0-1.10.6", ...options})
}
