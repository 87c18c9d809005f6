import {kindIdOf} from "../../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../../profiles/snapshot/object.ts"
import type {Placed} from "./objects.ts"

/** kubectl puts an object that names no namespace into `default`; objects of files mean the same. */
export function placedInNamespaces(
	placed: readonly Placed[],
	namespacedKinds: ReadonlySet<string>,
): readonly Placed[] {
	return placed.map((one) => {
		const {object} = one
		const {namespace} = object.metadata
		if ((namespace !== undefined && namespace !== "") || !namespacedKinds.has(kindIdOf(object))) return one
		return {...one, object: {...object, metadata: {...object.metadata, namespace: "default"}}}
	})
}

/** Namespaces that objects are in and that are not among the objects: no profile can select them. */
export function missingNamespaces(objects: readonly KubeObject[]): readonly string[] {
	const present = new Set<string>()
	const used = new Set<string>()
	for (const {kind, apiVersion, metadata} of objects) {
		if (kind === "Namespace" && apiVersion === "v1") present.add(metadata.name)
		else if (metadata.namespace !== undefined) used.add(metadata.namespace)
	}
	return [...used].filter((name) => !present.has(name)).sort()
}
