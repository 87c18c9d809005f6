import type {KubeObject} from "../../../profiles/snapshot/object.ts"
import type {Deployment, Pod, PodTemplate} from "../../../profiles/snapshot/shapes.ts"
import {
	ambientPod,
	cronJob,
	daemonSet,
	deployment,
	job,
	node,
	pod,
	service,
	sidecarPod,
	statefulSet,
} from "../../../profiles/testing/builders.ts"
import {ciliumAgents, dataplaneV2, fitForMeshes, gkeAmbientAgents} from "../../../profiles/testing/cilium.ts"
import {ambientAgents, istiod} from "../../../profiles/testing/istio.ts"
import {kmeshAgents, kmeshPod, mosnPod} from "../../../profiles/testing/kmesh.ts"
import {linkerdControlPlane, linkerdPod} from "../../../profiles/testing/linkerd.ts"

/** Control planes by name, for tests that are about what runs on them. */
export const controlPlanes = {
	istio: () => istiod({ambient: true}),
	"istio-sidecar-only": () => istiod(),
	"istio-1-29": () => istiod({revision: "1-29", version: "1.29.3"}),
	"istio-1-30": () => istiod({revision: "1-30", version: "1.30.5"}),
	"istio-broken": () => istiod({ambient: true, available: false}),
	ambient: () => ambientAgents(["n1", "n2"]),
	"istio-1-25": () => istiod({ambient: true, version: "1.25.3"}),
	kmesh: () => kmeshAgents(["n1", "n2"]),
	"istio-1-10": () => istiod({revision: "1-10", version: "1.10.6"}),
	cilium: () => ciliumAgents({nodes: ["n1", "n2"], flags: {"enable-gateway-api": "true"}}),
	"cilium-for-meshes": () => ciliumAgents({nodes: ["n1", "n2"], flags: fitForMeshes}),
	"cilium-wireguard": () =>
		ciliumAgents({nodes: ["n1", "n2"], flags: {...fitForMeshes, "enable-wireguard": "true"}}),
	"cilium-ztunnel": () => [
		...ciliumAgents({nodes: ["n1", "n2"], flags: {"enable-ztunnel": "true"}}),
		daemonSet("ztunnel-cilium", {namespace: "kube-system", nodes: 2}),
	],
	"gke-dataplane-v2": () => dataplaneV2({nodes: ["n1", "n2"]}),
	"gke-ambient": () => gkeAmbientAgents(["n1", "n2"]),
	linkerd: () => linkerdControlPlane(),
	"linkerd-fails-open": () => linkerdControlPlane({failurePolicy: "Ignore", replicas: 1}),
} as const satisfies Readonly<Record<string, () => KubeObject[]>>
export type ControlPlaneName = keyof typeof controlPlanes

export const nodes = (): KubeObject[] => [node("n1"), node("n2")]

export type Place =
	| "none"
	| "istio-sidecar"
	| "istio-ambient"
	| "linkerd"
	| "kmesh"
	| "mosn"
	| "pending"
	| "conflict"

type PodMeta = NonNullable<Parameters<typeof pod>[1]>

/** A pod as the dataplane leaves it; for the sake of the test it is always ready. */
export function podOn(place: Place, name: string, options: PodMeta & {readonly revision?: string}): Pod {
	switch (place) {
		case "istio-sidecar":
			return sidecarPod(name, options)
		case "istio-ambient":
			return ambientPod(name, options)
		case "linkerd":
			return linkerdPod(name, options)
		case "kmesh":
			return kmeshPod(name, options)
		case "mosn":
			return mosnPod(name, options)
		case "pending":
			return ambientPod(name, {...options, redirection: "pending"})
		case "conflict":
			return sidecarPod(name, {
				...options,
				annotations: {...options.annotations, "ambient.istio.io/redirection": "enabled"},
			})
		case "none":
			return pod(name, options)
	}
}

type WorkloadOptions = NonNullable<Parameters<typeof deployment>[1]>

const makers = {
	Deployment: deployment,
	StatefulSet: statefulSet,
	DaemonSet: daemonSet,
	CronJob: cronJob,
	Job: job,
} as const
export type WorkloadKind = keyof typeof makers

export type WorkloadSpec = {
	readonly kind: WorkloadKind
	readonly name: string
	readonly namespace?: string
	readonly options?: WorkloadOptions
	/** Where its pods are; without it there are none. */
	readonly on?: Place
	readonly revision?: string
	readonly service?: boolean
}

/** A workload that takes traffic well, with its pods, alternating between the two nodes. */
export function workload({
	kind,
	name,
	options = {},
	on,
	revision,
	namespace = "shop",
	service: serves = true,
}: WorkloadSpec): KubeObject[] {
	const calm = {containers: [calmContainer], ...options.template?.spec}
	const template = {...options.template, spec: calm}
	const built = makers[kind](name, {...options, namespace, template}) as Deployment
	const pods = on === undefined ? [] : podsOf(built, {on, ...(revision === undefined ? {} : {revision})})
	return [built, ...pods, ...(serves ? [service(name, {namespace})] : [])]
}

const calmContainer = {
	name: "app",
	image: "registry.example/app:1",
	ports: [{containerPort: 8080}],
	readinessProbe: {httpGet: {path: "/", port: 8080}},
	lifecycle: {preStop: {sleep: {seconds: 5}}},
}

export function podsOf(
	owner: KubeObject,
	{on, revision}: {readonly on: Place; readonly revision?: string},
): Pod[] {
	const {spec, status} = owner as Deployment & {status?: {desiredNumberScheduled?: number; active?: number}}
	const count =
		owner.kind === "Job" ? (status?.active ?? 0) : (spec?.replicas ?? status?.desiredNumberScheduled ?? 0)
	const {name, namespace} = owner.metadata
	const suffix = owner.kind === "Deployment" ? "-5d" : ""
	return Array.from({length: count}, (_, index) =>
		podOn(on, `${name}${suffix}-${index}`, {
			...(namespace === undefined ? {} : {namespace}),
			node: index % 2 === 0 ? "n1" : "n2",
			labels: spec?.template?.metadata?.labels ?? {},
			owner: {kind: owner.kind === "Deployment" ? "ReplicaSet" : owner.kind, name: `${name}${suffix}`},
			...(spec?.template?.spec?.hostNetwork === true ? {hostNetwork: true} : {}),
			...(revision === undefined ? {} : {revision}),
			...(on === "linkerd" ? {annotations: settingsOf(spec?.template)} : {}),
		}),
	)
}

/** What Linkerd's injector reads of a template stands on the pod as well. */
const settingsOf = (template: PodTemplate | undefined) =>
	Object.fromEntries(
		Object.entries(template?.metadata?.annotations ?? {}).filter(([key]) =>
			key.startsWith("config.linkerd.io/"),
		),
	)
