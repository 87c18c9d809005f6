import type {Kind} from "../../profiles/snapshot/kinds.ts"
import {kindIdOf} from "../../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../../profiles/snapshot/object.ts"

/** kubectl puts an object that names no namespace into `default`; objects of files mean the same. */
export function placedInNamespaces(
	objects: readonly KubeObject[],
	kinds: readonly Kind[],
): readonly KubeObject[] {
	const namespaced = new Set(kinds.filter((kind) => kind.namespaced).map(({id}) => id))
	return objects.map((object) => {
		const {namespace} = object.metadata
		if ((namespace !== undefined && namespace !== "") || !namespaced.has(kindIdOf(object))) return object
		return {...object, metadata: {...object.metadata, namespace: "default"}}
	})
}

/** Namespaces that objects are in and that are not among the objects: no profile can select them. */
export function missingNamespaces(objects: readonly KubeObject[]): readonly string[] {
	const present = new Set(
		objects.filter((object) => kindIdOf(object) === "Namespace").map(({metadata}) => metadata.name),
	)
	const used = objects.flatMap(({metadata}) => metadata.namespace ?? [])
	return [...new Set(used)].filter((name) => !present.has(name)).sort()
}
