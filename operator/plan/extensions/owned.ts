import {Field} from "../../../profiles/apis/read.ts"
import {labelOf} from "../../../profiles/pods.ts"
import {type KubeObject, refOf} from "../../../profiles/snapshot/object.ts"
import type {Custom} from "../../../profiles/snapshot/shapes.ts"
import type {Snapshot} from "../../../profiles/snapshot/snapshot.ts"
import {extensionKinds} from "../../../profiles/wasm-hosts/kinds.ts"
import {annotations, managedBy, labels as names} from "../../api/names.ts"

/** Begins the names of the objects that bring Heddle's extensions. */
export const prefix = "heddle-"

const isOwned = (object: KubeObject): boolean =>
	labelOf(object, names.managedBy) === managedBy && object.metadata.name.startsWith(prefix)

/** The extension objects of a namespace that Heddle made: those that it may change and take away. */
export function ownedExtensions(snapshot: Snapshot, namespace: string): readonly Custom[] {
	return extensionKinds.flatMap((kind) => snapshot.list(kind, namespace)).filter(isOwned)
}

export function existing(snapshot: Snapshot, {kind, metadata}: KubeObject): Custom | undefined {
	const of = extensionKinds.find((one) => one.kind === kind)
	return of && snapshot.get(of, metadata.name, metadata.namespace)
}

/** An object of the name that is somebody else's. */
export function isTaken(snapshot: Snapshot, manifest: KubeObject): boolean {
	const found = existing(snapshot, manifest)
	return found !== undefined && !isOwned(found)
}

/**
 * A manifest marked as Heddle's. The mark holds a digest of the spec: what an apply leaves out is taken away only by
 * another apply, and without the mark an object with one field too many would look as it should.
 */
export function owned(manifest: KubeObject): KubeObject {
	const {spec} = manifest as Custom
	return {
		...manifest,
		metadata: {
			...manifest.metadata,
			labels: {...manifest.metadata.labels, [names.managedBy]: managedBy},
			annotations: {[annotations.specDigest]: digestOf(spec)},
		},
	}
}

/** FNV-1a in 64 bits over the canonical text; it finds changes and secures nothing. */
function digestOf(spec: unknown): string {
	const text = new Field("spec", spec, []).canonical()
	let hash = 0xcbf29ce484222325n
	for (const byte of new TextEncoder().encode(text))
		hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n)
	return hash.toString(16).padStart(16, "0")
}

export const refsOf = (objects: readonly KubeObject[]): ReadonlySet<string> => new Set(objects.map(refOf))
