import {CustomResourceDefinition} from "../../profiles/conflicts/stack.ts"
import {kindIdOf} from "../../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../../profiles/snapshot/object.ts"

/** A kind that a CustomResourceDefinition of the input serves. */
export type Defined = {readonly id: string; readonly namespaced: boolean}

type Definition = KubeObject & {
	readonly spec?: {
		readonly group?: string
		readonly scope?: string
		readonly names?: {readonly kind?: string}
	}
}

/** The kinds that the CRDs among the objects define; undefined when there are none, which tells nothing. */
export function definedKinds(objects: readonly KubeObject[]): ReadonlyMap<string, Defined> | undefined {
	const found = objects
		.filter((object) => kindIdOf(object) === CustomResourceDefinition.id)
		.flatMap((object) => {
			const {group, scope, names} = (object as Definition).spec ?? {}
			if (group === undefined || names?.kind === undefined) return []
			return [{id: `${names.kind}.${group}`, namespaced: scope !== "Cluster"}]
		})
	return found.length === 0 ? undefined : new Map(found.map((one) => [one.id, one]))
}

/** Groups that Kubernetes serves itself, without any CRD. */
const builtIn =
	/^(apps|batch|autoscaling|policy|events\.k8s\.io|networking\.k8s\.io|rbac\.authorization\.k8s\.io|storage\.k8s\.io|scheduling\.k8s\.io|coordination\.k8s\.io|discovery\.k8s\.io|node\.k8s\.io|resource\.k8s\.io|certificates\.k8s\.io|apiregistration\.k8s\.io|apiextensions\.k8s\.io|admissionregistration\.k8s\.io|flowcontrol\.apiserver\.k8s\.io|metrics\.k8s\.io|internal\.apiserver\.k8s\.io|authentication\.k8s\.io|authorization\.k8s\.io|storagemigration\.k8s\.io)$/

/**
 * Kinds of objects that no API of the input serves: a cluster with these CRDs has no such objects. Heddle's own kinds
 * are left out, for a profile is planned before Heddle is installed.
 */
export function undefinedKinds(
	objects: readonly KubeObject[],
	defined: ReadonlyMap<string, Defined> | undefined,
): readonly string[] {
	if (defined === undefined) return []
	const ids = new Set(objects.map(kindIdOf))
	return [...ids]
		.filter((id) => {
			const group = id.slice(id.indexOf(".") + 1)
			return id.includes(".") && !builtIn.test(group) && group !== "heddle.dev" && !defined.has(id)
		})
		.sort()
}
