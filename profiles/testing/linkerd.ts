import type {KubeObject} from "../snapshot/object.ts"
import type {Container, MutatingWebhookConfiguration, Pod} from "../snapshot/shapes.ts"
import {daemonSet, deployment, namespace, type PodOptions, pod} from "./builders.ts"
import {type Meta, metaOf} from "./meta.ts"

export type LinkerdOptions = {
	/** As labels and images have it. */
	readonly version?: string
	readonly failurePolicy?: "Fail" | "Ignore"
	/** Components without an available replica. */
	readonly down?: readonly string[]
	readonly replicas?: number
	readonly native?: boolean
	/** Nodes with linkerd-cni, and how many of them are ready. */
	readonly cni?: {readonly nodes: number; readonly ready: number}
	readonly caBundle?: string
}

const selector = (key: string, values: readonly string[]) => ({key, operator: "NotIn" as const, values})

/** The objects of Linkerd's control plane in `linkerd`, as its values for high availability make them. */
export function linkerdControlPlane(options: LinkerdOptions = {}): KubeObject[] {
	const {version = "edge-26.8.3", failurePolicy = "Fail", caBundle = "Y2E=", cni} = options
	const webhook: MutatingWebhookConfiguration = {
		apiVersion: "admissionregistration.k8s.io/v1",
		kind: "MutatingWebhookConfiguration",
		metadata: {name: "linkerd-proxy-injector-webhook-config"},
		webhooks: [
			{
				name: "linkerd-proxy-injector.linkerd.io",
				failurePolicy,
				clientConfig: {service: {name: "linkerd-proxy-injector", namespace: "linkerd"}, caBundle},
				namespaceSelector: {
					matchExpressions: [
						selector("config.linkerd.io/admission-webhooks", ["disabled"]),
						selector("kubernetes.io/metadata.name", ["kube-system", "cert-manager"]),
					],
				},
				objectSelector: {
					matchExpressions: [{key: "linkerd.io/control-plane-component", operator: "DoesNotExist"}],
				},
			},
		],
	}
	return [
		namespace("linkerd"),
		webhook,
		...["proxy-injector", "identity", "destination"].map((name) => component(name, version, options)),
		...(cni === undefined
			? []
			: [daemonSet("linkerd-cni", {namespace: "linkerd-cni", nodes: cni.nodes, readyNodes: cni.ready})]),
	]
}

function component(name: string, version: string, options: LinkerdOptions): KubeObject {
	const {replicas = 3, down = [], native = true} = options
	const proxy: Container = {
		name: "linkerd-proxy",
		image: `cr.l5d.io/linkerd/proxy:${version}`,
		...(native ? {restartPolicy: "Always"} : {}),
	}
	const own: Container = {name, image: `cr.l5d.io/linkerd/controller:${version}`}
	const labels = {"linkerd.io/control-plane-component": name, "app.kubernetes.io/version": version}
	const built = deployment(`linkerd-${name}`, {
		namespace: "linkerd",
		replicas,
		labels,
		podLabels: labels,
		template: {
			spec: {
				containers: native ? [own] : [own, proxy],
				...(native ? {initContainers: [{name: "linkerd-init"}, proxy]} : {}),
			},
		},
	})
	const status = down.includes(name) ? {...built.status, availableReplicas: 0} : built.status
	return {...built, status} as KubeObject
}

/** A pod as Linkerd's injector leaves it. */
export function linkerdPod(
	name: string,
	options: PodOptions & {readonly native?: boolean; readonly inbound?: string} = {},
): Pod {
	const {native = true, inbound = "all-unauthenticated", ...given} = options
	const proxy: Container = {
		name: "linkerd-proxy",
		image: "cr.l5d.io/linkerd/proxy:edge-26.8.3",
		env: [{name: "LINKERD2_PROXY_INBOUND_DEFAULT_POLICY", value: inbound}],
		...(native ? {restartPolicy: "Always"} : {}),
	}
	const containers = given.containers ?? [{name: "app", image: "registry.example/app:1"}]
	return pod(name, {
		...given,
		labels: {"linkerd.io/control-plane-ns": "linkerd", "linkerd.io/workload-ns": "shop", ...given.labels},
		annotations: {
			"linkerd.io/inject": "enabled",
			"linkerd.io/proxy-version": "edge-26.8.3",
			...given.annotations,
		},
		init: [{name: "linkerd-init"}, ...(native ? [proxy] : []), ...(given.init ?? [])],
		containers: native ? containers : [...containers, proxy],
	})
}

const apiVersions: Readonly<Record<string, string>> = {
	Server: "policy.linkerd.io/v1beta3",
	ServerAuthorization: "policy.linkerd.io/v1beta1",
	AuthorizationPolicy: "policy.linkerd.io/v1alpha1",
	MeshTLSAuthentication: "policy.linkerd.io/v1alpha1",
	NetworkAuthentication: "policy.linkerd.io/v1alpha1",
	HTTPRoute: "policy.linkerd.io/v1beta3",
	HTTPLocalRateLimitPolicy: "policy.linkerd.io/v1alpha1",
	EgressNetwork: "policy.linkerd.io/v1alpha1",
	ServiceProfile: "linkerd.io/v1alpha2",
}

/** A policy or a route of Linkerd's own, in the namespace `shop`. `spec` is taken as it is, also when it is nonsense. */
export function linkerdPolicy(kind: string, name: string, spec: unknown, options: Meta = {}): KubeObject {
	const apiVersion = apiVersions[kind]
	if (apiVersion === undefined) throw new Error(`no apiVersion is known for Linkerd's kind ${kind}`)
	return {apiVersion, kind, metadata: metaOf(name, {namespace: "shop", ...options}), ...{spec}}
}
