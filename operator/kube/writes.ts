import {kindIdOf} from "../../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../../profiles/snapshot/object.ts"
import type {Change} from "./types.ts"
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
	/** Of every write of the key to this object since the cache last showed one. */
	readonly versions: ReadonlySet<string>
	/** Of the last of them. */
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
		const ref = refOf(id, name, namespace)
		writes.set(ref, {
			kind: id,
			name,
			namespace,
			versions: new Set([...(writes.get(ref)?.versions ?? []), resourceVersion]),
			version: resourceVersion,
			at: this.#now(),
		})
	}

	/**
	 * Whether a change of the cache is nothing but what the reconcile of this key wrote itself, and so has taken into
	 * account. One that came by a list may hide what others wrote in between.
	 */
	echoes(key: string, {kind, name, namespace, listed}: Change): boolean {
		const writes = this.#pending.get(key)
		const write = writes?.get(refOf(kind.id, name, namespace))
		if (write === undefined || listed) return false
		const shown = this.#cached(kind.id, name, namespace)?.metadata.resourceVersion
		if (shown === write.version) writes?.delete(refOf(kind.id, name, namespace))
		return shown !== undefined && write.versions.has(shown)
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

const refOf = (kind: string, name: string, namespace: string | undefined) =>
	`${kind}/${namespace ?? ""}/${name}`
