import type {KubeObject} from "../../profiles/snapshot/object.ts"

/** An object as it is to be applied: no status, nothing that only an API server writes. */
export type Manifest = KubeObject & {readonly [field: string]: unknown}

/** API group of an object; empty for the core group. */
export function groupOf({apiVersion}: {readonly apiVersion: string}): string {
	const slash = apiVersion.indexOf("/")
	return slash < 0 ? "" : apiVersion.slice(0, slash)
}

/** `Kind.group`, `Kind` in the core group: how ApplySets and inventories call a kind. */
export function groupKindOf(object: {readonly apiVersion: string; readonly kind: string}): string {
	const group = groupOf(object)
	return group === "" ? object.kind : `${object.kind}.${group}`
}

/** Names one object of a cluster: `Kind.group/namespace/name`, without the namespace when it has none. */
export function identityOf(object: KubeObject): string {
	const {namespace, name} = object.metadata
	return [groupKindOf(object), ...(namespace === undefined ? [] : [namespace]), name].join("/")
}

export const isDefinition = ({kind, apiVersion}: KubeObject) =>
	kind === "CustomResourceDefinition" && apiVersion.startsWith("apiextensions.k8s.io/")
