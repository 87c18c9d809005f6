import type {Kind} from "./kinds.ts"
import {kindIdOf, objectIdOf} from "./kinds.ts"
import type {KubeObject} from "./object.ts"

/**
 * What Heddle knows of a cluster at one moment; immutable. The operator makes one from its caches, the CLI from
 * API lists or from files. Every decision is a pure function of it.
 */
export interface Snapshot {
	/** All objects of a kind, of one namespace when given. In a stable order: by namespace, then name. */
	list<T extends KubeObject>(kind: Kind<T>, namespace?: string): readonly T[]
	get<T extends KubeObject>(kind: Kind<T>, name: string, namespace?: string): T | undefined
	/**
	 * Snapshots of one era share what is computed of the whole cluster, such as the index of its policies. Left out,
	 * a snapshot is an era of its own.
	 */
	readonly era?: object
	/**
	 * It shows the same objects for as long as it lives, and it does not outlive a command: what is computed of each
	 * object may be kept with it.
	 */
	readonly fixed?: true
	/** False when the kind could not be read (no permission, a failed list): then an empty list proves nothing. */
	knows(kind: Kind): boolean
}

type Index = ReadonlyMap<string, ReadonlyMap<string, readonly KubeObject[]>>

/** Makes a snapshot of objects in any order. `unknown` holds the ids of kinds that could not be read. */
export function snapshotOf(
	objects: Iterable<KubeObject>,
	unknown: ReadonlySet<string> = new Set(),
): Snapshot {
	const index = new Map<string, Map<string, KubeObject[]>>()
	for (const object of objects) {
		const spaces = entry(index, kindIdOf(object), () => new Map<string, KubeObject[]>())
		entry(spaces, object.metadata.namespace ?? "", () => []).push(object)
	}
	for (const spaces of index.values()) for (const list of spaces.values()) list.sort(byName)
	return new IndexedSnapshot(index, unknown)
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
	let value = map.get(key)
	if (value === undefined) {
		value = make()
		map.set(key, value)
	}
	return value
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
const byName = (a: KubeObject, b: KubeObject) => compare(a.metadata.name, b.metadata.name)

class IndexedSnapshot implements Snapshot {
	readonly fixed = true
	readonly #index: Index
	readonly #unknown: ReadonlySet<string>
	/** By name, made when a list is first asked for one object. */
	readonly #named = new Map<readonly KubeObject[], ReadonlyMap<string, KubeObject>>()
	/** Lists across namespaces are joined once, when first asked for. */
	readonly #whole = new Map<string, readonly KubeObject[]>()

	constructor(index: Index, unknown: ReadonlySet<string>) {
		this.#index = index
		this.#unknown = unknown
	}

	list<T extends KubeObject>(kind: Kind<T>, namespace?: string): readonly T[] {
		const spaces = this.#index.get(kind.only === undefined ? kind.id : objectIdOf(kind))
		if (spaces === undefined) return []
		if (kind.only !== undefined) {
			const {only} = kind
			const list = namespace === undefined || namespace === only.namespace ? spaces.get(only.namespace) : []
			return (list ?? []).filter(({metadata}) => metadata.name === only.name) as unknown as readonly T[]
		}
		if (namespace !== undefined) return (spaces.get(namespace) ?? []) as readonly T[]
		return entry(this.#whole, kind.id, () =>
			[...spaces].sort(([a], [b]) => compare(a, b)).flatMap(([, list]) => list),
		) as readonly T[]
	}

	get<T extends KubeObject>(kind: Kind<T>, name: string, namespace = ""): T | undefined {
		const list = this.list(kind, namespace)
		if (list.length === 0) return undefined
		if (kind.only !== undefined) return list.find(({metadata}) => metadata.name === name)
		const named = entry(
			this.#named,
			list,
			() => new Map(list.map((object) => [object.metadata.name, object])),
		)
		return named.get(name) as T | undefined
	}

	knows(kind: Kind): boolean {
		return !this.#unknown.has(kind.id)
	}
}
