import {setTimeout as delay} from "node:timers/promises"
import {jittered} from "../kube/backoff.ts"
import {Cache, type CacheOptions} from "../kube/cache.ts"
import {EventRecorder} from "../kube/events.ts"
import type {Lease} from "../kube/lease.ts"
import type {Change, Client} from "../kube/types.ts"
import {ControllerRunner, writerOf} from "./controller.ts"
import {holdHeapSmall} from "./heap.ts"
import type {Metrics} from "./metrics.ts"
import {Queue} from "./queue.ts"
import type {Clock, Controller, Log} from "./types.ts"

export type ManagerOptions = {
	readonly controllers: readonly Controller[]
	/** Kinds to keep in memory; those that controllers watch are added. */
	readonly cache: Pick<CacheOptions, "http" | "kinds" | "scopes" | "times">
	readonly client: Client
	/** Without one this process is the only one there is. */
	readonly lease?: {readonly lease: Lease; readonly name: string}
	/** The name of this process, as Events show it. */
	readonly identity: string
	readonly clock: Clock
	readonly log: Log
	readonly metrics: Metrics
	/** What is under way gets this long to end before the lease is given up. */
	readonly graceMs?: number
}

/** `lost`: another process may lead now; this one has to exit with an error and start anew. */
export type Ending = "ended" | "lost"

/** Runs controllers on caches, while this process leads. */
export class Manager {
	readonly cache: Cache
	readonly #options: ManagerOptions
	readonly #queues: ReadonlyMap<Controller, Queue>
	readonly #events: EventRecorder
	readonly #timers = new Map<Controller, {cancel(): void}>()
	#leading = false
	#settled = false

	constructor(options: ManagerOptions) {
		const {controllers, client, log, metrics, clock, identity} = options
		this.#options = options
		this.#queues = new Map(
			controllers.map((controller) => [
				controller,
				new Queue({clock, observer: metrics.queueObserver(controller.name)}),
			]),
		)
		this.#events = new EventRecorder({
			client,
			instance: identity,
			onFailure: (error) => log.warn("Event not recorded", {error}),
		})
		this.cache = new Cache({
			...options.cache,
			client,
			kinds: [...options.cache.kinds, ...controllers.flatMap(({watches}) => watches.map(({kind}) => kind))],
			onChange: (change) => this.#route(change),
			onState: (kind, state) => log.info("Cache changed its state", {kind: kind.id, state}),
			onFailure: (kind, error, retryMs) => log.warn("Cache lost its watch", {kind: kind.id, error, retryMs}),
			onHandlerError: (error) => {
				metrics.handlerErrors.inc()
				log.error("Change not handled", {error})
			},
		})
		metrics.watchCache(this.cache)
		metrics.watchQueues(new Map([...this.#queues].map(([{name}, queue]) => [name, queue])))
	}

	/** Undefined once the caches are filled; until then, what is waited for. */
	waitingFor(): string | undefined {
		if (this.#settled) return undefined
		return `lists of ${this.cache.reflectors
			.filter(({state}) => state === "starting")
			.map(({kind}) => kind.id)
			.join(", ")}`
	}

	get leading(): boolean {
		return this.#leading
	}

	/** Resolves when the signal has ended it, or the lease is lost. */
	async run(signal: AbortSignal): Promise<Ending> {
		const stop = new AbortController()
		const relax = holdHeapSmall()
		const caches = this.cache.run(stop.signal)
		try {
			await ended(this.cache.settled(), signal)
			relax()
			this.#settled = true
			return signal.aborted ? "ended" : await this.#lead(signal)
		} finally {
			stop.abort()
			await caches
		}
	}

	async #lead(signal: AbortSignal): Promise<Ending> {
		const {lease, log, metrics, graceMs = 20_000} = this.#options
		if (lease !== undefined) {
			log.info("Waiting for the lease", {lease: lease.name})
			await lease.lease.acquire(signal).catch(() => undefined)
			if (signal.aborted) return "ended"
			metrics.leads(lease.name, true)
		}
		this.#leading = true
		log.info("Leading")
		const work = new AbortController()
		const renewing = new AbortController()
		const kept = lease?.lease.keep(renewing.signal) ?? new Promise<never>(() => undefined)
		const working = this.#work(work.signal)
		const ending = await Promise.race([
			kept,
			ended(new Promise<never>(() => undefined), signal).then((): Ending => "ended"),
		])
		this.#leading = false
		for (const timer of this.#timers.values()) timer.cancel()
		const drained = Promise.all([...this.#queues.values()].map((queue) => queue.shutDown()))
		// What is under way may finish while nobody else can have begun; once the lease is lost it may not.
		if (ending === "ended") await Promise.race([drained, delay(graceMs, undefined, {ref: false})])
		work.abort(new Error(ending === "lost" ? "the lease is lost" : "the operator ends"))
		await Promise.race([working, delay(1_000, undefined, {ref: false})])
		renewing.abort()
		if (lease !== undefined) metrics.leads(lease.name, false)
		if (ending === "ended") await Promise.all([lease?.lease.release(), this.#events.flush()])
		log.info("Not leading any more", {ending})
		return ending
	}

	async #work(signal: AbortSignal): Promise<void> {
		const {client, clock, log, metrics} = this.#options
		const base = {clock, snapshot: this.cache.snapshot, event: this.#events.record.bind(this.#events)}
		const runs = [...this.#queues].map(([controller, queue]) => {
			this.#resync(controller, queue, signal)
			const shared = {controller, queue, client, writes: this.cache.writes, log, base}
			return new ControllerRunner({...shared, metrics: metrics.controller(controller.name)}).run(signal)
		})
		await Promise.all(runs)
	}

	/** Every key now, and again at each interval: behind whatever someone changes meanwhile. */
	#resync(controller: Controller, queue: Queue, signal: AbortSignal): void {
		if (signal.aborted) return
		try {
			for (const key of controller.keys(this.cache.snapshot)) queue.add(key, "resync")
		} catch (error) {
			this.#options.metrics.handlerErrors.inc()
			this.#options.log.error("Keys not found", {controller: controller.name, error})
		}
		if (controller.resyncMs === undefined) return
		const delayMs = jittered(controller.resyncMs, () => Math.random() / 5)
		this.#timers.set(
			controller,
			this.#options.clock.setTimer(delayMs, () => this.#resync(controller, queue, signal)),
		)
	}

	/** Before this process leads, changes only fill the caches: the start looks at every key anyway. */
	#route(change: Change): void {
		if (!this.#leading) return
		for (const [controller, queue] of this.#queues) {
			for (const watch of controller.watches) {
				if (watch.kind.id !== change.kind.id) continue
				for (const key of watch.keys(change, this.cache.snapshot))
					if (!this.cache.writes.echoes(writerOf(controller, key), change)) queue.add(key)
			}
		}
	}
}

/** The promise, or the signal, whichever comes first. */
async function ended<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
	if (signal.aborted) return undefined
	const {promise: aborted, resolve} = Promise.withResolvers<undefined>()
	const abort = () => resolve(undefined)
	signal.addEventListener("abort", abort, {once: true})
	try {
		return await Promise.race([promise, aborted])
	} finally {
		signal.removeEventListener("abort", abort)
	}
}
