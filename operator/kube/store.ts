import type {Kind} from "../../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../../profiles/snapshot/object.ts"
import {olderVersion} from "./versions.ts"

/** All that a change tells: what the object is called, and whether a list may have left changes before it out. */
export type Name = {readonly namespace: string | undefined; readonly name: string; readonly listed: boolean}
export type Changed = (name: Name) => void

type Entry = {object: KubeObject; epoch: number}
type Space = {readonly entries: Map<string, Entry>; sorted: readonly KubeObject[] | undefined}

/** Entries looked at before the event loop gets its turn. */
const sliceSize = 2_000

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/**
 * The objects of one kind, by namespace. Lists are sorted when first asked for after a change, and never changed
 * once handed out, so that they may be kept as long as one likes.
 */
export class Store {
	readonly kind: Kind
	readonly #changed: Changed
	readonly #spaces = new Map<string, Space>()
	#all: readonly KubeObject[] | undefined
	#epoch = 0
	#trusting = false
	#replacing = false
	#size = 0

	constructor(kind: Kind, changed: Changed) {
		this.kind = kind
		this.#changed = changed
	}

	get size(): number {
		return this.#size
	}

	get(name: string, namespace = ""): KubeObject | undefined {
		return this.#spaces.get(namespace)?.entries.get(name)?.object
	}

	/** Of one namespace when given; by namespace, then by name. */
	list(namespace?: string): readonly KubeObject[] {
		if (namespace === undefined) {
			this.#all ??= [...this.#spaces.keys()].sort(compare).flatMap((space) => this.list(space))
			return this.#all
		}
		const space = this.#spaces.get(namespace)
		if (space === undefined) return []
		space.sorted ??= [...space.entries.values()]
			.map(({object}) => object)
			.sort((a, b) => compare(a.metadata.name, b.metadata.name))
		return space.sorted
	}

	/** False when what is stored is the same or newer: a replica that lags behind must not take us back. */
	put(object: KubeObject): boolean {
		const {name, namespace = ""} = object.metadata
		const space = this.#space(namespace)
		const entry = space.entries.get(name)
		if (entry !== undefined) {
			entry.epoch = this.#epoch
			if (!this.#trusting && !supersedes(object, entry.object)) return false
			entry.object = object
		} else {
			space.entries.set(name, {object, epoch: this.#epoch})
			this.#size++
		}
		this.#touch(space, object.metadata)
		return true
	}

	/** Of an object that went. False when it is unknown, or when one of its name that came after it is stored. */
	remove(object: KubeObject): boolean {
		const {name, namespace = ""} = object.metadata
		const space = this.#spaces.get(namespace)
		const stored = space?.entries.get(name)?.object
		if (space === undefined || stored === undefined) return false
		if (olderVersion(object.metadata.resourceVersion, stored.metadata.resourceVersion)) return false
		this.#drop(space, stored.metadata)
		return true
	}

	/**
	 * Begins to replace everything by a new list, page by page as `put` gets them: memory holds one page more than
	 * the store, not the whole list twice. `restored`: older versions count, since the cluster went back in time.
	 */
	beginReplace({restored = false}: {readonly restored?: boolean} = {}): void {
		this.#epoch++
		this.#trusting = restored
		this.#replacing = true
	}

	/** Ends it: what the new list did not hold is gone. In slices, so that nothing else waits for long. */
	async endReplace(): Promise<void> {
		const epoch = this.#epoch
		this.#trusting = false
		let seen = 0
		for (const space of [...this.#spaces.values()]) {
			for (const entry of [...space.entries.values()]) {
				if (++seen % sliceSize === 0) await new Promise((resolve) => setImmediate(resolve))
				// A later replacement has begun; it will decide.
				if (this.#epoch !== epoch) return
				if (entry.epoch !== epoch) this.#drop(space, entry.object.metadata)
			}
		}
		this.#replacing = false
	}

	#space(namespace: string): Space {
		let space = this.#spaces.get(namespace)
		if (space === undefined) {
			space = {entries: new Map(), sorted: undefined}
			this.#spaces.set(namespace, space)
		}
		return space
	}

	#drop(space: Space, metadata: KubeObject["metadata"]): void {
		space.entries.delete(metadata.name)
		if (space.entries.size === 0) this.#spaces.delete(metadata.namespace ?? "")
		this.#size--
		this.#touch(space, metadata)
	}

	#touch(space: Space, {namespace, name}: KubeObject["metadata"]): void {
		space.sorted = undefined
		this.#all = undefined
		this.#changed({namespace, name, listed: this.#replacing})
	}
}

/** Another uid is another object, which may have come from a restored backup with lower versions. */
function supersedes(next: KubeObject, stored: KubeObject): boolean {
	const [a, b] = [next.metadata, stored.metadata]
	if (a.resourceVersion !== undefined && a.resourceVersion === b.resourceVersion) return a.uid !== b.uid
	return !olderVersion(a.resourceVersion, b.resourceVersion)
}
