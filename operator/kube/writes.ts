import {kindIdOf} from "../../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../../profiles/snapshot/object.ts"
import {olderVersion} from "./versions.ts"

export type Written = {
	readonly apiVersion: string
	readonly kind: string
	readonly metadata: {readonly name: string; readonly namespace?: string; readonly resourceVersion?: string}
}

type Pending = {
	readonly kind: string
	readonly name: string
	readonly namespace: string | undefined
	readonly version: string
	readonly at: number
}

/** A write that the cache has not shown for this long never will: the object was deleted right after it. */
const forgottenAfterMs = 10_000

/**
 * Remembers what we wrote until the cache shows it. A reconcile that plans on a cache which has not yet seen its own
 * last write does the same thing twice, or undoes it.
 */
export class WriteGuard {
	readonly #pending = new Map<string, Map<string, Pending>>()
	readonly #reads: (kindId: string) => boolean
	readonly #cached: (kindId: string, name: string, namespace: string | undefined) => KubeObject | undefined
	readonly #now: () => number

	constructor(args: {
		readonly reads: (kindId: string) => boolean
		readonly cached: (kindId: string, name: string, namespace: string | undefined) => KubeObject | undefined
		readonly now?: () => number
	}) {
		this.#reads = args.reads
		this.#cached = args.cached
		this.#now = args.now ?? (() => performance.now())
	}

	/** Notes the answer of a write that the reconcile of a key made. */
	record(key: string, {apiVersion, kind, metadata: {name, namespace, resourceVersion}}: Written): void {
		const id = kindIdOf({apiVersion, kind})
		if (resourceVersion === undefined || !this.#reads(id)) return
		const writes = this.#pending.get(key) ?? new Map<string, Pending>()
		this.#pending.set(key, writes)
		writes.set(`${id}/${namespace ?? ""}/${name}`, {
			kind: id,
			name,
			namespace,
			version: resourceVersion,
			at: this.#now(),
		})
	}

	/** False while the cache has yet to show a write of this key. */
	caughtUp(key: string): boolean {
		const writes = this.#pending.get(key)
		if (writes === undefined) return true
		for (const [ref, write] of writes) if (this.#seen(write)) writes.delete(ref)
		if (writes.size === 0) this.#pending.delete(key)
		return writes.size === 0
	}

	#seen({kind, name, namespace, version, at}: Pending): boolean {
		if (this.#now() - at > forgottenAfterMs) return true
		const found = this.#cached(kind, name, namespace)?.metadata.resourceVersion
		return found !== undefined && !olderVersion(found, version)
	}
}
