import type {Manifest} from "./manifest.ts"
import {groupOf, isDefinition} from "./manifest.ts"

/**
 * What has to be there before what. A phase begins when everything of the one before is ready: CRDs Established,
 * workloads rolled out, so that no object races the kind or the webhook that it needs.
 */
export const phases = [
	"namespaces",
	"definitions",
	"settings",
	"preparations",
	"workloads",
	"admission",
	"custom",
] as const
export type Phase = (typeof phases)[number]

const settings: ReadonlySet<string> = new Set([
	"ServiceAccount",
	"Secret",
	"ConfigMap",
	"ResourceQuota",
	"LimitRange",
	"PriorityClass.scheduling.k8s.io",
	"RuntimeClass.node.k8s.io",
	"Role.rbac.authorization.k8s.io",
	"RoleBinding.rbac.authorization.k8s.io",
	"ClusterRole.rbac.authorization.k8s.io",
	"ClusterRoleBinding.rbac.authorization.k8s.io",
	"CSIDriver.storage.k8s.io",
])

/** Kinds that every API server serves; anything else is a custom resource. */
const builtIn: ReadonlySet<string> = new Set([
	"",
	"apps",
	"batch",
	"autoscaling",
	"policy",
	"networking.k8s.io",
	"rbac.authorization.k8s.io",
	"scheduling.k8s.io",
	"node.k8s.io",
	"storage.k8s.io",
	"coordination.k8s.io",
	"discovery.k8s.io",
])

export function phaseOf(object: Manifest): Phase {
	const group = groupOf(object)
	const id = group === "" ? object.kind : `${object.kind}.${group}`
	if (id === "Namespace") return "namespaces"
	if (isDefinition(object)) return "definitions"
	if (id === "Job.batch") return "preparations"
	if (settings.has(id)) return "settings"
	if (group === "admissionregistration.k8s.io" || group === "apiregistration.k8s.io") return "admission"
	return builtIn.has(group) ? "workloads" : "custom"
}

/** The phases that hold anything, in their order; within one by kind, namespace and name, the same every time. */
export function inPhases(objects: readonly Manifest[]): {phase: Phase; objects: Manifest[]}[] {
	return phases
		.map((phase) => ({
			phase,
			objects: objects.filter((one) => phaseOf(one) === phase).sort((a, b) => compare(keyOf(a), keyOf(b))),
		}))
		.filter((one) => one.objects.length > 0)
}

const keyOf = ({kind, apiVersion, metadata}: Manifest) =>
	[kind, apiVersion, metadata.namespace ?? "", metadata.name].join("\0")
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
