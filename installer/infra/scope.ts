import type {Manifest} from "./manifest.ts"
import {groupKindOf, isDefinition} from "./manifest.ts"

/** Kinds without a namespace, of Kubernetes itself and of the Gateway API, whose CRDs another component brings. */
const clusterScoped: ReadonlySet<string> = new Set([
	"Namespace",
	"Node",
	"PersistentVolume",
	"CustomResourceDefinition.apiextensions.k8s.io",
	"APIService.apiregistration.k8s.io",
	"MutatingWebhookConfiguration.admissionregistration.k8s.io",
	"ValidatingWebhookConfiguration.admissionregistration.k8s.io",
	"MutatingAdmissionPolicy.admissionregistration.k8s.io",
	"MutatingAdmissionPolicyBinding.admissionregistration.k8s.io",
	"ValidatingAdmissionPolicy.admissionregistration.k8s.io",
	"ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io",
	"ClusterRole.rbac.authorization.k8s.io",
	"ClusterRoleBinding.rbac.authorization.k8s.io",
	"PriorityClass.scheduling.k8s.io",
	"RuntimeClass.node.k8s.io",
	"StorageClass.storage.k8s.io",
	"CSIDriver.storage.k8s.io",
	"IngressClass.networking.k8s.io",
	"GatewayClass.gateway.networking.k8s.io",
	"MeshProfile.heddle.dev",
])

type Definition = {
	readonly spec?: {
		readonly group?: string
		readonly scope?: string
		readonly names?: {readonly kind?: string}
	}
}

/**
 * Gives every object of a namespaced kind its namespace. `helm template` leaves it out where the template does, since
 * `helm install` adds it; whoever applies the output has to as well.
 */
export function inNamespace(objects: readonly Manifest[], namespace: string): Manifest[] {
	const own = objects.filter(isDefinition).flatMap((one) => {
		const {spec} = one as Definition
		return spec?.scope === "Cluster" ? [`${spec.names?.kind}.${spec.group}`] : []
	})
	const global = new Set([...clusterScoped, ...own])
	return objects.map((object) => {
		const {namespace: stated, ...metadata} = object.metadata
		if (global.has(groupKindOf(object))) return {...object, metadata}
		return {...object, metadata: {...metadata, namespace: stated ?? namespace}}
	})
}
