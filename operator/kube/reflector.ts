import type {Kind} from "../../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../../profiles/snapshot/object.ts"
import {sleep, TimedOut} from "./abort.ts"
import {Backoff, jittered} from "./backoff.ts"
import {isExpired, isForbidden, isKubeError, isNotFound} from "./errors.ts"
import type {Http} from "./http.ts"
import {listPages} from "./pages.ts"
import type {Place} from "./paths.ts"
import type {Store} from "./store.ts"
import {olderVersion} from "./versions.ts"
import {watchEvents} from "./watch.ts"

/**
 * `starting`: no list has been read. `absent`: the API server does not serve the kind, so there are no objects of
 * it. `forbidden` and `failing`: what the store holds may be wrong.
 */
export type ReflectorState = "starting" | "synced" | "absent" | "forbidden" | "failing"

export type Scope = {
	readonly namespace?: string
	readonly labelSelector?: string
	readonly fieldSelector?: string
}

export type ReflectorTimes = {
	readonly backoff?: {readonly leastMs: number; readonly mostMs: number}
	/** A watch that lived this long was healthy: the next failure starts with the shortest wait. */
	readonly healthyMs?: number
	/** A clean end sooner than this, without an event, is a failure: else the next watch would follow at once, for ever. */
	readonly tooShortMs?: number
	readonly idleMs?: number
	readonly watchSeconds?: number
	/** How often to look for a kind that is not served, or not allowed. */
	readonly absentMs?: number
	/** Lists anew although the watch is fine, to count what it lost. */
	readonly relistMs?: number
}

export type ReflectorOptions = {
	readonly http: Http
	readonly kind: Kind
	/** The served version of the kind, asked anew each time. */
	readonly versionOf: () => Promise<string | undefined>
	readonly store: Store
	/** What of an object is kept. May throw: the object is then kept as it came. */
	readonly keep: (object: KubeObject) => KubeObject
	readonly scope?: Scope
	readonly pageSize?: number
	readonly times?: ReflectorTimes
	readonly onState?: (state: ReflectorState) => void
	/** For the log; each failure is retried. */
	readonly onFailure?: (error: unknown, retryMs: number) => void
}

const defaults = {
	backoff: {leastMs: 800, mostMs: 30_000},
	healthyMs: 30_000,
	tooShortMs: 1_000,
	idleMs: 150_000,
	watchSeconds: 300,
	absentMs: 30_000,
	relistMs: 3_600_000,
}

/** Failed lists in a row after which the store is no longer believed, and others no longer wait for it. */
const failingAfter = 4
/** Older lists in a row after which the cluster was restored from a backup, rather than read from a replica that lags. */
const restoredAfter = 6

/** A list that is older than what was already seen: a replica behind the others answered. */
class StaleList extends Error {
	override readonly name = "StaleList"
}

/**
 * Keeps a store the same as the cluster: lists, watches from there, and does so again whatever happens, until its
 * signal ends it. One request is under way at a time.
 */
export class Reflector {
	readonly kind: Kind
	readonly #options: ReflectorOptions
	readonly #times: typeof defaults
	readonly #backoff: Backoff
	#running = false
	#state: ReflectorState = "starting"
	/** Where to watch from; undefined when a list has to come first. */
	#version: string | undefined
	/** The newest version ever seen, to know an older one by. */
	#newest: string | undefined
	#failures = 0
	#staleLists = 0
	#listedAt = 0
	#lastEventAt: number | undefined
	#relists = 0
	#cacheMisses = 0

	constructor(options: ReflectorOptions) {
		this.kind = options.kind
		this.#options = options
		this.#times = {...defaults, ...options.times}
		this.#backoff = new Backoff(this.#times.backoff)
	}

	get state(): ReflectorState {
		return this.#state
	}
	/** The store holds what the cluster held at one moment, or later. */
	get synced(): boolean {
		return this.#state === "synced" || this.#state === "absent"
	}
	/** By `performance.now()`; bookmarks count. */
	get lastEventAt(): number | undefined {
		return this.#lastEventAt
	}
	/** Lists after the first. */
	get relistsTotal(): number {
		return Math.max(0, this.#relists - 1)
	}
	/** Changes that a list found although a watch should have told them. */
	get cacheMissTotal(): number {
		return this.#cacheMisses
	}

	/** Resolves when the signal has ended it; never rejects. */
	async run(signal: AbortSignal): Promise<void> {
		if (this.#running) throw new Error(`the reflector of ${this.kind.id} already runs`)
		this.#running = true
		while (!signal.aborted) {
			try {
				await this.#pass(signal)
			} catch (error) {
				if (signal.aborted) break
				await this.#failed(error, signal)
			}
		}
		this.#running = false
	}

	async #pass(signal: AbortSignal): Promise<void> {
		const version = await this.#options.versionOf()
		if (version === undefined) return this.#absent(signal)
		const place = {...this.kind, version}
		if (this.#version === undefined) await this.#list(place, signal)
		await this.#watch(place, signal)
	}

	async #absent(signal: AbortSignal): Promise<void> {
		this.#version = undefined
		// The definition is gone, and every object with it; versions of a new one may begin anywhere.
		this.#newest = undefined
		this.#options.store.beginReplace()
		await this.#options.store.endReplace()
		this.#enter("absent")
		await pause(jittered(this.#times.absentMs), signal)
	}

	async #list(place: Place, signal: AbortSignal): Promise<void> {
		const {http, store, scope, pageSize} = this.#options
		const isPeriodic = this.#state === "synced" && this.#newest !== undefined && this.#failures === 0
		const seen = this.#newest
		let listed = ""
		store.beginReplace({restored: this.#staleLists >= restoredAfter})
		for await (const page of listPages(http, place, this.kind.kind, {
			...scope,
			...(pageSize ? {limit: pageSize} : {}),
			signal,
		})) {
			listed = page.resourceVersion
			this.#rejectOlder(listed)
			for (const item of page.items) {
				const changed = store.put(this.#kept(item))
				if (changed && isPeriodic && !olderVersion(seen, item.metadata.resourceVersion)) this.#cacheMisses++
			}
		}
		await store.endReplace()
		this.#relists++
		this.#listedAt = performance.now()
		this.#staleLists = 0
		this.#version = listed
		this.#newest = listed
		this.#enter("synced")
	}

	#rejectOlder(listed: string): void {
		if (!olderVersion(listed, this.#newest)) return
		if (this.#staleLists >= restoredAfter) return
		this.#staleLists++
		throw new StaleList(`a list of version ${listed}, older than ${this.#newest} which was already seen`)
	}

	async #watch(place: Place, signal: AbortSignal): Promise<void> {
		const {healthyMs, tooShortMs, idleMs, watchSeconds, relistMs} = this.#times
		const started = performance.now()
		let events = 0
		const timeoutSeconds = Math.round(jittered(watchSeconds, () => Math.random() * 2))
		const request = {
			place,
			...this.#options.scope,
			resourceVersion: this.#version ?? "",
			timeoutSeconds,
			idleMs,
			signal,
		}
		try {
			for await (const event of watchEvents(this.#options.http, request)) {
				events++
				this.#lastEventAt = performance.now()
				if (event.type === "BOOKMARK") this.#advance(event.resourceVersion)
				else this.#ingest(event.type, event.object)
			}
		} finally {
			if (performance.now() - started >= healthyMs) this.#healthy()
		}
		if (events === 0 && performance.now() - started < tooShortMs) throw new Error("the watch ended at once")
		this.#healthy()
		if (performance.now() - this.#listedAt > jittered(relistMs)) this.#version = undefined
	}

	#healthy(): void {
		this.#backoff.reset()
		this.#failures = 0
	}

	#ingest(type: "ADDED" | "MODIFIED" | "DELETED", object: KubeObject): void {
		const {store} = this.#options
		if (type === "DELETED") store.remove(object)
		else store.put(this.#kept(object))
		this.#advance(object.metadata.resourceVersion)
	}

	#advance(version: string | undefined): void {
		if (version === undefined || olderVersion(version, this.#newest)) return
		this.#version = version
		this.#newest = version
	}

	#kept(object: KubeObject): KubeObject {
		try {
			return this.#options.keep(object)
		} catch {
			// One odd object must not hide all the others.
			return object
		}
	}

	async #failed(error: unknown, signal: AbortSignal): Promise<void> {
		// Quiet for long: watch again from where we are, at once. That is no failure of anyone's.
		if (error instanceof TimedOut) return
		this.#failures++
		if (hasToList(error)) this.#version = undefined
		if (isForbidden(error)) this.#enter("forbidden")
		else if (this.#version === undefined && this.#failures >= failingAfter) this.#enter("failing")
		// An expired version is an order to list again, not a fault; once.
		const asked = isKubeError(error) ? error.retryAfterMs : undefined
		const waitMs = isExpired(error) && this.#failures === 1 ? 0 : Math.max(this.#backoff.next(), asked ?? 0)
		this.#options.onFailure?.(error, waitMs)
		await pause(waitMs, signal)
	}

	#enter(state: ReflectorState): void {
		if (this.#state === state) return
		this.#state = state
		this.#options.onState?.(state)
	}
}

/** After these, a watch from where we were would leave something out; after a lost connection it would not. */
function hasToList(error: unknown): boolean {
	return !isKubeError(error) || isExpired(error) || isNotFound(error) || isForbidden(error)
}

/** Ends early without a word when the signal does. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
	if (ms > 0) await sleep(ms, signal).catch(() => undefined)
}
