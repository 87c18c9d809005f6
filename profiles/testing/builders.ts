import type {StringMap} from "../snapshot/object.ts"
import type {
	Container,
	ContainerStatus,
	CronJob,
	DaemonSet,
	Deployment,
	Job,
	Namespace,
	Node,
	Pod,
	PodTemplate,
	Service,
	StatefulSet,
} from "../snapshot/shapes.ts"
import {type Meta, metaOf} from "./meta.ts"

export * from "./policies.ts"

/*
 * Builders for tests: an object as the API server would send it, with the least that makes it plausible. Every
 * builder takes the name first, then what the test is about.
 */

export function namespace(name: string, labels: StringMap = {}, annotations?: StringMap): Namespace {
	return {
		apiVersion: "v1",
		kind: "Namespace",
		metadata: metaOf(name, {
			labels: {"kubernetes.io/metadata.name": name, ...labels},
			...(annotations ? {annotations} : {}),
		}),
		status: {phase: "Active"},
	}
}

export function node(name: string, options: {kubelet?: string; unschedulable?: boolean} = {}): Node {
	return {
		apiVersion: "v1",
		kind: "Node",
		metadata: {name},
		...(options.unschedulable ? {spec: {unschedulable: true}} : {}),
		status: {
			nodeInfo: {kubeletVersion: options.kubelet ?? "v1.36.3"},
			conditions: [{type: "Ready", status: "True"}],
		},
	}
}

export type PodOptions = Meta & {
	readonly node?: string
	readonly ready?: boolean
	readonly phase?: string
	readonly hostNetwork?: boolean
	readonly deletionTimestamp?: string
	readonly containers?: readonly Container[]
	readonly init?: readonly Container[]
	/** Owner, such as `{kind: "ReplicaSet", name: "cart-5d"}`. */
	readonly owner?: {readonly kind: string; readonly name: string; readonly uid?: string}
	/** Ready state per container where it differs from that of the pod. */
	readonly containerReady?: Readonly<Record<string, boolean>>
}

export const app: Container = {name: "app", image: "registry.example/app:1"}

/** A running, ready pod of one container in the namespace `shop`, on node `n1`. */
export function pod(name: string, options: PodOptions = {}): Pod {
	const {ready = true, containers = [app], init = []} = options
	const statusOf = (container: Container): ContainerStatus => {
		const own = options.containerReady?.[container.name] ?? ready
		return {name: container.name, ready: own, started: own, restartCount: 0}
	}
	return {
		apiVersion: "v1",
		kind: "Pod",
		metadata: {
			...metaOf(name, {namespace: "shop", ...options}),
			...(options.deletionTimestamp ? {deletionTimestamp: options.deletionTimestamp} : {}),
			...(options.owner
				? {ownerReferences: [{apiVersion: "apps/v1", controller: true, ...options.owner}]}
				: {}),
		},
		spec: {
			nodeName: options.node ?? "n1",
			containers,
			...(init.length > 0 ? {initContainers: init} : {}),
			...(options.hostNetwork ? {hostNetwork: true} : {}),
		},
		status: {
			phase: options.phase ?? "Running",
			conditions: [{type: "Ready", status: ready ? "True" : "False"}],
			containerStatuses: containers.map(statusOf),
			...(init.length > 0 ? {initContainerStatuses: init.map(statusOf)} : {}),
		},
	}
}

export type SidecarPodOptions = PodOptions & {
	readonly revision?: string
	/** As an init container that restarts, the default; otherwise beside the app. */
	readonly native?: boolean
	/** Speaks HBONE: injected by a control plane that has it on. */
	readonly hbone?: boolean
	readonly image?: string
}

/** A pod as Istio's injector leaves it. */
export function sidecarPod(name: string, options: SidecarPodOptions = {}): Pod {
	const {
		native = true,
		hbone = true,
		revision = "default",
		image = "registry.istio.io/release/proxyv2:1.31.1",
	} = options
	const proxy: Container = {
		name: "istio-proxy",
		image,
		args: ["proxy", "sidecar"],
		...(native ? {restartPolicy: "Always"} : {}),
	}
	const setUp: Container = {name: "istio-init", image}
	const containers = options.containers ?? [app]
	return pod(name, {
		...options,
		labels: {
			"security.istio.io/tlsMode": "istio",
			...(hbone ? {"networking.istio.io/tunnel": "http"} : {}),
			...options.labels,
		},
		annotations: {"sidecar.istio.io/status": "{}", "istio.io/rev": revision, ...options.annotations},
		init: [setUp, ...(native ? [proxy] : []), ...(options.init ?? [])],
		containers: native ? containers : [...containers, proxy],
	})
}

/** A pod that ambient's CNI has redirected, and that ztunnel has accepted unless `redirection` says otherwise. */
export function ambientPod(
	name: string,
	options: PodOptions & {readonly redirection?: "enabled" | "pending"} = {},
): Pod {
	return pod(name, {
		...options,
		annotations: {"ambient.istio.io/redirection": options.redirection ?? "enabled", ...options.annotations},
	})
}

export type WorkloadOptions = Meta & {
	readonly replicas?: number
	/** Labels of the pods, and the selector; `{app: name}` unless given. */
	readonly podLabels?: StringMap
	/** Labels and annotations of the template beyond `podLabels`. */
	readonly template?: PodTemplate
}

function templateOf(name: string, options: WorkloadOptions): PodTemplate {
	const labels = {...(options.podLabels ?? {app: name}), ...options.template?.metadata?.labels}
	const annotations = options.template?.metadata?.annotations
	return {
		metadata: {labels, ...(annotations ? {annotations} : {})},
		spec: {
			containers: [{...app, readinessProbe: {httpGet: {path: "/", port: 8080}}}],
			...options.template?.spec,
		},
	}
}

/** A Deployment in the namespace `shop`, fully rolled out. */
export function deployment(
	name: string,
	options: WorkloadOptions & Partial<NonNullable<Deployment["spec"]>> = {},
): Deployment {
	const {
		replicas = 2,
		namespace: ns = "shop",
		labels,
		annotations,
		createdAt,
		podLabels,
		template: _,
		...spec
	} = options
	return {
		apiVersion: "apps/v1",
		kind: "Deployment",
		metadata: {...metaOf(name, {namespace: ns, ...meta({labels, annotations, createdAt})}), generation: 1},
		spec: {
			...spec,
			replicas,
			selector: {matchLabels: podLabels ?? {app: name}},
			template: templateOf(name, options),
		},
		status: {
			observedGeneration: 1,
			replicas,
			updatedReplicas: replicas,
			readyReplicas: replicas,
			availableReplicas: replicas,
			unavailableReplicas: 0,
			conditions: [{type: "Available", status: "True"}],
		},
	}
}

/** A StatefulSet in the namespace `shop`, fully rolled out. */
export function statefulSet(
	name: string,
	options: WorkloadOptions & Partial<NonNullable<StatefulSet["spec"]>> = {},
): StatefulSet {
	const {
		replicas = 3,
		namespace: ns = "shop",
		labels,
		annotations,
		createdAt,
		podLabels,
		template: _,
		...spec
	} = options
	return {
		apiVersion: "apps/v1",
		kind: "StatefulSet",
		metadata: {...metaOf(name, {namespace: ns, ...meta({labels, annotations, createdAt})}), generation: 1},
		spec: {
			...spec,
			replicas,
			serviceName: name,
			selector: {matchLabels: podLabels ?? {app: name}},
			template: templateOf(name, options),
		},
		status: {
			observedGeneration: 1,
			replicas,
			updatedReplicas: replicas,
			readyReplicas: replicas,
			currentRevision: "r1",
			updateRevision: "r1",
		},
	}
}

/** A DaemonSet in the namespace `shop` with a ready pod on each of `nodes` nodes. */
export function daemonSet(
	name: string,
	options: WorkloadOptions & {readonly nodes?: number; readonly readyNodes?: number} & Partial<
			NonNullable<DaemonSet["spec"]>
		> = {},
): DaemonSet {
	const {
		nodes = 1,
		readyNodes = nodes,
		namespace: ns = "shop",
		labels,
		annotations,
		createdAt,
		podLabels,
		replicas: _r,
		template: _,
		...spec
	} = options
	return {
		apiVersion: "apps/v1",
		kind: "DaemonSet",
		metadata: {...metaOf(name, {namespace: ns, ...meta({labels, annotations, createdAt})}), generation: 1},
		spec: {...spec, selector: {matchLabels: podLabels ?? {app: name}}, template: templateOf(name, options)},
		status: {
			observedGeneration: 1,
			desiredNumberScheduled: nodes,
			updatedNumberScheduled: nodes,
			numberReady: readyNodes,
			numberUnavailable: nodes - readyNodes,
		},
	}
}

export function job(name: string, options: WorkloadOptions & {readonly active?: number} = {}): Job {
	const {namespace: ns = "shop", labels, annotations, createdAt} = options
	return {
		apiVersion: "batch/v1",
		kind: "Job",
		metadata: metaOf(name, {namespace: ns, ...meta({labels, annotations, createdAt})}),
		spec: {template: templateOf(name, options)},
		status: {active: options.active ?? 1},
	}
}

export function cronJob(name: string, options: WorkloadOptions = {}): CronJob {
	const {namespace: ns = "shop", labels, annotations, createdAt} = options
	return {
		apiVersion: "batch/v1",
		kind: "CronJob",
		metadata: metaOf(name, {namespace: ns, ...meta({labels, annotations, createdAt})}),
		spec: {jobTemplate: {spec: {template: templateOf(name, options)}}},
	}
}

function meta(given: {readonly [K in keyof Meta]: Meta[K] | undefined}): Meta {
	return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

/** A Service in the namespace `shop` with one HTTP port. */
export function service(name: string, options: Meta & NonNullable<Service["spec"]> = {}): Service {
	const {namespace: ns = "shop", labels, annotations, createdAt, ...spec} = options
	return {
		apiVersion: "v1",
		kind: "Service",
		metadata: metaOf(name, {namespace: ns, ...meta({labels, annotations, createdAt})}),
		spec: {
			selector: {app: name},
			clusterIP: "10.96.0.1",
			ports: [{name: "http", port: 80, targetPort: 8080, protocol: "TCP"}],
			...spec,
		},
	}
}
