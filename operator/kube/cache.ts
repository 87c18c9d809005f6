import type {Kind} from "../../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../../profiles/snapshot/object.ts"
import type {Snapshot} from "../../profiles/snapshot/snapshot.ts"
import type {Http} from "./http.ts"
import {keepersOf} from "./project.ts"
import {Reflector, type ReflectorState, type ReflectorTimes, type Scope} from "./reflector.ts"
import {snapshotOfStores} from "./snapshot.ts"
import {Store} from "./store.ts"
import type {Change, Client} from "./types.ts"
import {WriteGuard} from "./writes.ts"

export type CacheOptions = {
	readonly http: Http
	readonly client: Client
	readonly kinds: readonly Kind[]
	/** What to read of a kind, by its id; all of it when left out. */
	readonly scopes?: Readonly<Record<string, Scope>>
	readonly times?: ReflectorTimes
	/** Called for every change, also while the first lists come in. Must not throw; it is caught if it does. */
	readonly onChange?: (change: Change) => void
	readonly onState?: (kind: Kind, state: ReflectorState) => void
	readonly onFailure?: (kind: Kind, error: unknown, retryMs: number) => void
	readonly onHandlerError?: (error: unknown) => void
}

/** Pods are large and many: smaller pages keep each turn of the event loop short. */
const pageSizes: Readonly<Record<string, number>> = {
	Pod: 100,
	"ReplicaSet.apps": 200,
	Node: 200,
	"Deployment.apps": 200,
}

/** The kinds that the planner reads, kept the same as the cluster. */
export class Cache {
	readonly #sources = new Map<
		string,
		{readonly store: Store; readonly reflector: Reflector; readonly known: boolean}
	>()
	readonly #settled: PromiseWithResolvers<void> = Promise.withResolvers()
	/** Knows what we wrote and have not seen yet. */
	readonly writes: WriteGuard
	/** Shows the caches as they are at each call. */
	readonly snapshot: Snapshot

	constructor(options: CacheOptions) {
		const keep = keepersOf()
		for (const kind of unique(options.kinds)) {
			const store = new Store(kind, (name) => this.#told(options, {kind, ...name}))
			const reflector = new Reflector({
				http: options.http,
				kind,
				versionOf: async () => (kind.group === "" ? "v1" : options.client.versionOf(kind, {fresh: true})),
				store,
				keep: keep(kind),
				...present("scope", options.scopes?.[kind.id] ?? scopeOf(kind)),
				...present("pageSize", pageSizes[kind.id]),
				...present("times", options.times),
				onState: (state) => this.#entered(options, kind, state),
				onFailure: (error, retryMs) => options.onFailure?.(kind, error, retryMs),
			})
			this.#sources.set(kind.id, {
				store,
				reflector,
				get known() {
					return reflector.synced
				},
			})
		}
		this.snapshot = snapshotOfStores(this.#sources)
		this.writes = new WriteGuard({
			reads: (id) => this.#sources.has(id),
			cached: (id, name, namespace) => this.#sources.get(id)?.store.get(name, namespace),
		})
	}

	/** Ends with the signal. */
	async run(signal: AbortSignal): Promise<void> {
		await Promise.all([...this.#sources.values()].map(({reflector}) => reflector.run(signal)))
	}

	/** Resolves when every kind was listed, or is absent, forbidden, or has failed for a while. */
	settled(): Promise<void> {
		return this.#settled.promise
	}

	/** The reflectors, for metrics and for telling which kind is waited for. */
	get reflectors(): readonly Reflector[] {
		return [...this.#sources.values()].map(({reflector}) => reflector)
	}

	/** Objects in memory, by kind. */
	sizes(): ReadonlyMap<string, number> {
		return new Map([...this.#sources].map(([id, {store}]) => [id, store.size]))
	}

	#told(options: CacheOptions, change: Change): void {
		try {
			options.onChange?.(change)
		} catch (error) {
			options.onHandlerError?.(error)
		}
	}

	#entered(options: CacheOptions, kind: Kind, state: ReflectorState): void {
		options.onState?.(kind, state)
		if (this.reflectors.every((reflector) => reflector.state !== "starting")) this.#settled.resolve()
	}
}

/** Of a single object's kind nothing else is ever asked for: rights to it may be for that name alone. */
function scopeOf({only}: Kind): Scope | undefined {
	return only && {namespace: only.namespace, fieldSelector: `metadata.name=${only.name}`}
}

function unique(kinds: readonly Kind[]): readonly Kind<KubeObject>[] {
	return [...new Map(kinds.map((kind) => [kind.id, kind])).values()]
}

function present<K extends string, V>(key: K, value: V | undefined): {[P in K]?: V} {
	return (value === undefined ? {} : {[key]: value}) as {[P in K]?: V}
}
