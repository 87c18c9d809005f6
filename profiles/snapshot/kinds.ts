import type {KubeObject} from "./object.ts"
import type * as shapes from "./shapes.ts"

/**
 * One kind that Heddle reads, and where the API serves it. A dataplane's folder declares the kinds of its own;
 * the core ones stand here.
 */
export type Kind<T extends KubeObject = KubeObject> = {
	/** API group, empty for the core group. */
	readonly group: string
	/** Versions that are read alike, the preferred first. */
	readonly versions: readonly string[]
	readonly kind: string
	readonly plural: string
	readonly namespaced: boolean
	/** `Kind.group`, unique: what lists and reports call it. */
	readonly id: string
	/** Where one object of the kind is read and no other: lists, watches and rights are for that one alone. */
	readonly only?: {readonly namespace: string; readonly name: string}
	/** Carries the shape of the objects for the compiler; never set. */
	readonly shape?: T
}

export type SingleKind<T extends KubeObject> = Kind<T> & Required<Pick<Kind, "only">>

/** One object of a kind, as a kind of its own. */
export function single<T extends KubeObject>(kind: Kind<T>, namespace: string, name: string): SingleKind<T> {
	return {...kind, id: `${kind.id}/${namespace}/${name}`, only: {namespace, name}}
}

/** The id that objects of a kind carry: of a single object's kind that of the whole. */
export function objectIdOf({group, kind}: Kind): string {
	return group === "" ? kind : `${kind}.${group}`
}

/** The id of the kind that an object is of. */
export function kindIdOf(object: {readonly apiVersion: string; readonly kind: string}): string {
	const slash = object.apiVersion.indexOf("/")
	return slash < 0 ? object.kind : `${object.kind}.${object.apiVersion.slice(0, slash)}`
}

export function namespaced<T extends KubeObject>(
	group: string,
	versions: string,
	kind: string,
	plural: string,
): Kind<T> {
	return {
		group,
		versions: versions.split(" "),
		kind,
		plural,
		namespaced: true,
		id: group === "" ? kind : `${kind}.${group}`,
	}
}

export function clusterScoped<T extends KubeObject>(
	group: string,
	versions: string,
	kind: string,
	plural: string,
): Kind<T> {
	return {...namespaced<T>(group, versions, kind, plural), namespaced: false}
}

export const Namespace = clusterScoped<shapes.Namespace>("", "v1", "Namespace", "namespaces")
export const Node = clusterScoped<shapes.Node>("", "v1", "Node", "nodes")
export const Pod = namespaced<shapes.Pod>("", "v1", "Pod", "pods")
export const Service = namespaced<shapes.Service>("", "v1", "Service", "services")
export const ConfigMap = namespaced<shapes.ConfigMap>("", "v1", "ConfigMap", "configmaps")
export const ResourceQuota = namespaced<shapes.ResourceQuota>("", "v1", "ResourceQuota", "resourcequotas")
export const Deployment = namespaced<shapes.Deployment>("apps", "v1", "Deployment", "deployments")
export const StatefulSet = namespaced<shapes.StatefulSet>("apps", "v1", "StatefulSet", "statefulsets")
export const DaemonSet = namespaced<shapes.DaemonSet>("apps", "v1", "DaemonSet", "daemonsets")
export const ReplicaSet = namespaced<shapes.ReplicaSet>("apps", "v1", "ReplicaSet", "replicasets")
export const Job = namespaced<shapes.Job>("batch", "v1", "Job", "jobs")
export const CronJob = namespaced<shapes.CronJob>("batch", "v1", "CronJob", "cronjobs")
export const PodDisruptionBudget = namespaced<shapes.PodDisruptionBudget>(
	"policy",
	"v1",
	"PodDisruptionBudget",
	"poddisruptionbudgets",
)
export const HorizontalPodAutoscaler = namespaced<shapes.HorizontalPodAutoscaler>(
	"autoscaling",
	"v2 v1",
	"HorizontalPodAutoscaler",
	"horizontalpodautoscalers",
)
export const NetworkPolicy = namespaced<shapes.NetworkPolicy>(
	"networking.k8s.io",
	"v1",
	"NetworkPolicy",
	"networkpolicies",
)
export const MutatingWebhookConfiguration = clusterScoped<shapes.MutatingWebhookConfiguration>(
	"admissionregistration.k8s.io",
	"v1",
	"MutatingWebhookConfiguration",
	"mutatingwebhookconfigurations",
)
