import type {KubeObject, StringMap} from "../snapshot/object.ts"
import type {ConfigMap, Custom} from "../snapshot/shapes.ts"
import {daemonSet, namespace, pod, policy} from "./builders.ts"

/** A DaemonSet with a pod on each node, ready on the first `readyNodes` of them. */
function agent(
	name: string,
	inside: string,
	{image, nodes, readyNodes = nodes.length}: {image: string; nodes: readonly string[]; readyNodes?: number},
): KubeObject[] {
	const container = name === "cilium" || name === "anetd" ? "cilium-agent" : name
	return [
		daemonSet(name, {
			namespace: inside,
			labels: {"k8s-app": name},
			nodes: nodes.length,
			readyNodes,
			template: {spec: {containers: [{name: container, image}]}},
		}),
		...nodes.map((node, index) =>
			pod(`${name}-${node}`, {
				namespace: inside,
				node,
				labels: {"k8s-app": name},
				ready: index < readyNodes,
				owner: {kind: "DaemonSet", name},
			}),
		),
	]
}

/** The agent's flags as its chart writes them by default, with those given in their place. */
function ciliumConfig(flags: StringMap = {}): ConfigMap {
	return {
		apiVersion: "v1",
		kind: "ConfigMap",
		metadata: {name: "cilium-config", namespace: "kube-system"},
		data: {
			"cni-exclusive": "true",
			"enable-l7-proxy": "true",
			"kube-proxy-replacement": "false",
			"mesh-auth-enabled": "true",
			...flags,
		},
	}
}

/** Flags with which a mesh may run above Cilium. */
export const fitForMeshes: StringMap = {"cni-exclusive": "false", "bpf-lb-sock-hostns-only": "true"}

export type CiliumOptions = {
	readonly version?: string
	readonly flags?: StringMap
	readonly nodes?: readonly string[]
	readonly readyNodes?: number
}

export function ciliumAgents({
	version = "1.20.2",
	flags,
	nodes = ["n1"],
	...rest
}: CiliumOptions = {}): KubeObject[] {
	const image = `quay.io/cilium/cilium:v${version}`
	return [...agent("cilium", "kube-system", {image, nodes, ...rest}), ciliumConfig(flags)]
}

/** GKE's network; it keeps the flags of its build in a ConfigMap of the same name. */
export function dataplaneV2(options: Omit<CiliumOptions, "version"> = {}): KubeObject[] {
	const {flags, nodes = ["n1"], ...rest} = options
	const image = "gke.gcr.io/cilium/cilium:v1.18.0-gke.1"
	return [...agent("anetd", "kube-system", {image, nodes, ...rest}), ciliumConfig(flags)]
}

export function gkeAmbientAgents(nodes: readonly string[] = ["n1"], readyNodes = nodes.length): KubeObject[] {
	const parts = ["gke-ambient-nriplugin", "gke-ambient-proxy"]
	return [
		namespace("gke-managed-ambient"),
		...parts.flatMap((name) =>
			agent(name, "gke-managed-ambient", {image: `gke.gcr.io/${name}:1`, nodes, readyNodes}),
		),
	]
}

/** What Cilium's agent keeps for a pod of the same name, in the namespace `shop`. */
export function endpoint(name: string, state: string | undefined = "ready", inside = "shop"): Custom {
	return {
		apiVersion: "cilium.io/v2",
		kind: "CiliumEndpoint",
		metadata: {name, namespace: inside},
		status: {...(state === undefined ? {} : {state})},
	}
}

/** The status by which a controller says that it carries a route. */
export function accepted<T extends KubeObject>(route: T, controllerName = "io.cilium/gateway-controller"): T {
	const status = {parents: [{controllerName, conditions: [{type: "Accepted", status: "True"}]}]}
	return {...route, status}
}

/** A policy or a configuration of Cilium's that is in no namespace. */
export function clusterwide(kind: string, name: string, spec: unknown): KubeObject {
	return {...policy(kind, name, spec), metadata: {name}}
}
