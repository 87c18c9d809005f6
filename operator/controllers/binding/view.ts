import type {Kind} from "../../../profiles/snapshot/kinds.ts"
import {kindIdOf} from "../../../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../../../profiles/snapshot/object.ts"
import type {Snapshot} from "../../../profiles/snapshot/snapshot.ts"

/**
 * The caches with the answers of this pass's own writes laid over them: so that one pass can go on from what it just
 * did instead of waiting for the watch to tell.
 */
export class View implements Snapshot {
	readonly era: object
	readonly #base: Snapshot
	readonly #over = new Map<string, Map<string, KubeObject | undefined>>()

	constructor(base: Snapshot, era: object) {
		this.#base = base
		this.era = era
	}

	put(object: KubeObject): void {
		this.#kind(kindIdOf(object)).set(key(object.metadata.name, object.metadata.namespace), object)
	}

	remove(object: KubeObject): void {
		this.#kind(kindIdOf(object)).set(key(object.metadata.name, object.metadata.namespace), undefined)
	}

	list<T extends KubeObject>(kind: Kind<T>, namespace?: string): readonly T[] {
		const base = this.#base.list(kind, namespace)
		const over = this.#over.get(kind.id)
		if (over === undefined) return base
		const kept = base.filter(({metadata}) => !over.has(key(metadata.name, metadata.namespace)))
		const added = [...over.values()].filter(
			(object) =>
				object !== undefined && (namespace === undefined || object.metadata.namespace === namespace),
		) as T[]
		return [...kept, ...added].sort(inOrder)
	}

	get<T extends KubeObject>(kind: Kind<T>, name: string, namespace?: string): T | undefined {
		const over = this.#over.get(kind.id)
		const at = key(name, namespace)
		return over?.has(at) ? (over.get(at) as T | undefined) : this.#base.get(kind, name, namespace)
	}

	knows(kind: Kind): boolean {
		return this.#base.knows(kind)
	}

	#kind(id: string): Map<string, KubeObject | undefined> {
		const known = this.#over.get(id) ?? new Map<string, KubeObject | undefined>()
		this.#over.set(id, known)
		return known
	}
}

const key = (name: string, namespace: string | undefined) => `${namespace ?? ""}/${name}`

const inOrder = ({metadata: a}: KubeObject, {metadata: b}: KubeObject): number =>
	key(a.name, a.namespace) < key(b.name, b.namespace) ? -1 : 1
