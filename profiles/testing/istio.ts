import type {KubeObject} from "../snapshot/object.ts"
import {daemonSet, deployment, namespace, pod, policy, service, webhook} from "./builders.ts"

export type ControlPlaneOptions = {
	readonly revision?: string
	readonly version?: string
	readonly available?: boolean
	readonly tags?: readonly string[]
	/** PILOT_ENABLE_AMBIENT. */
	readonly ambient?: boolean
	/** Runs outside of the cluster: its Service has no selector, there is no Deployment. */
	readonly external?: boolean
}

/** The objects of one revision of Istio's control plane, in `istio-system`. */
export function istiod(options: ControlPlaneOptions = {}): KubeObject[] {
	const {
		revision = "default",
		version = "1.31.1",
		available = true,
		ambient = false,
		external = false,
	} = options
	const name = revision === "default" ? "istiod" : `istiod-${revision}`
	const suffix = revision === "default" ? "" : `-${revision}`
	const labels = {app: "istiod", "istio.io/rev": revision}
	const to = {service: {name, namespace: "istio-system"}}
	const built = deployment(name, {
		namespace: "istio-system",
		labels,
		podLabels: labels,
		template: {
			spec: {
				containers: [
					{
						name: "discovery",
						image: `registry.istio.io/release/pilot:${version}`,
						env: ambient ? [{name: "PILOT_ENABLE_AMBIENT", value: "true"}] : [],
					},
				],
			},
		},
	})
	const status = available
		? built.status
		: {...built.status, availableReplicas: 0, conditions: [{type: "Available", status: "False"}]}
	return [
		namespace("istio-system"),
		...(external ? [] : [{...built, status} as KubeObject]),
		service(name, {namespace: "istio-system", labels, ...(external ? {selector: {}} : {selector: labels})}),
		webhook(`istio-sidecar-injector${suffix}`, {
			labels: {app: "sidecar-injector", "istio.io/rev": revision},
			...to,
		}),
		...(options.tags ?? []).map((tag) =>
			webhook(`istio-revision-tag-${tag}`, {
				labels: {app: "sidecar-injector", "istio.io/rev": revision, "istio.io/tag": tag},
				...to,
			}),
		),
	]
}

/** What ambient adds: the node agents with a ready pod on each node, and the waypoints' class. */
export function ambientAgents(
	nodes: readonly string[] = ["n1"],
	options: {readonly version?: string; readonly readyNodes?: number} = {},
): KubeObject[] {
	const {version = "1.31.1", readyNodes = nodes.length} = options
	const agent = (name: string, container: string, image: string): KubeObject[] => [
		daemonSet(name, {
			namespace: "istio-system",
			labels: {"istio.io/rev": "default"},
			nodes: nodes.length,
			readyNodes,
			template: {
				spec: {containers: [{name: container, image: `registry.istio.io/release/${image}:${version}`}]},
			},
		}),
		...nodes.map((node, index) =>
			pod(`${name}-${node}`, {
				namespace: "istio-system",
				node,
				labels: {app: name, "k8s-app": name},
				ready: index < readyNodes,
				owner: {kind: "DaemonSet", name},
			}),
		),
	]
	return [
		...agent("ztunnel", "istio-proxy", "ztunnel"),
		...agent("istio-cni-node", "install-cni", "install-cni"),
		{
			...policy("GatewayClass", "istio-waypoint", {controllerName: "istio.io/mesh-controller"}),
			metadata: {name: "istio-waypoint"},
		},
	]
}
