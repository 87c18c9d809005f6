import {RateLimit, type RateLimits} from "./rate-limit.ts"
import type {Clock, Key} from "./types.ts"

/** What someone changed goes before what is only looked at again. */
export type Priority = "change" | "resync"

/** What metrics hear of a queue. */
export type QueueObserver = {
	added?(): void
	/** Waited this long for a worker. */
	started?(waitedMs: number): void
	finished?(workedMs: number): void
	retried?(): void
}

export type QueueOptions = {
	readonly clock: Clock
	readonly limits?: RateLimits
	readonly observer?: QueueObserver
}

/**
 * Keys to reconcile, with the semantics of client-go: a key waits once however often it is added, is never handed
 * out twice at the same time, and is handed out again if it was added while it was worked on.
 */
export class Queue {
	readonly #clock: Clock
	readonly #rateLimit: RateLimit
	readonly #observer: QueueObserver
	/** Waiting for a worker, in order, each with the time since when. */
	readonly #ready: Readonly<Record<Priority, Map<Key, number>>> = {change: new Map(), resync: new Map()}
	readonly #processing = new Map<Key, number>()
	/** Added while being worked on. */
	readonly #again = new Map<Key, Priority>()
	readonly #later = new Map<Key, {readonly at: number; readonly timer: {cancel(): void}}>()
	readonly #idle: ((key: Key | undefined) => void)[] = []
	#shutDown = false
	#drained: PromiseWithResolvers<void> | undefined

	constructor({clock, limits = {}, observer = {}}: QueueOptions) {
		this.#clock = clock
		this.#rateLimit = new RateLimit(limits, () => clock.monotonic())
		this.#observer = observer
	}

	/** Keys that wait for a worker. */
	get depth(): number {
		return this.#ready.change.size + this.#ready.resync.size
	}

	/** How long each key that is being worked on has been, in milliseconds. */
	get unfinishedMs(): readonly number[] {
		const now = this.#clock.monotonic()
		return [...this.#processing.values()].map((since) => now - since)
	}

	add(key: Key, priority: Priority = "change"): void {
		if (this.#shutDown) return
		if (this.#processing.has(key)) {
			if (this.#again.get(key) !== "change") this.#again.set(key, priority)
			return
		}
		if (this.#ready.change.has(key)) return
		const since = this.#ready.resync.get(key)
		if (since !== undefined && priority === "resync") return
		this.#ready.resync.delete(key)
		if (since === undefined) this.#observer.added?.()
		this.#ready[priority].set(key, since ?? this.#clock.monotonic())
		this.#hand()
	}

	/** Of two waits for the same key, the one that ends earlier counts. */
	addAfter(key: Key, delayMs: number): void {
		if (this.#shutDown) return
		if (delayMs <= 0) {
			this.add(key)
			return
		}
		const at = this.#clock.monotonic() + delayMs
		const waiting = this.#later.get(key)
		if (waiting !== undefined && waiting.at <= at) return
		waiting?.timer.cancel()
		const timer = this.#clock.setTimer(delayMs, () => {
			this.#later.delete(key)
			this.add(key)
		})
		this.#later.set(key, {at, timer})
	}

	/** After a failure. Returns how long it waits. */
	addRateLimited(key: Key): number {
		const delayMs = this.#rateLimit.next(key)
		this.#observer.retried?.()
		this.addAfter(key, delayMs)
		return delayMs
	}

	/** After a success: the next failure is the first again. */
	forget(key: Key): void {
		this.#rateLimit.forget(key)
	}

	/** Failures in a row. */
	failures(key: Key): number {
		return this.#rateLimit.failures(key)
	}

	/** The next key; undefined when the queue is shut down and empty. Each key needs one `done`. */
	get(): Promise<Key | undefined> {
		return new Promise((resolve) => {
			this.#idle.push(resolve)
			this.#hand()
		})
	}

	done(key: Key): void {
		const since = this.#processing.get(key)
		if (since === undefined) return
		this.#processing.delete(key)
		this.#observer.finished?.(this.#clock.monotonic() - since)
		const priority = this.#again.get(key)
		this.#again.delete(key)
		if (priority !== undefined) this.add(key, priority)
		this.#hand()
	}

	/** Takes nothing more and drops what waits. Resolves when what is being worked on is done. */
	shutDown(): Promise<void> {
		this.#shutDown = true
		for (const {timer} of this.#later.values()) timer.cancel()
		for (const kept of [this.#later, this.#again, this.#ready.change, this.#ready.resync]) kept.clear()
		this.#drained ??= Promise.withResolvers()
		this.#hand()
		return this.#drained.promise
	}

	/** Brings keys and idle workers together. */
	#hand(): void {
		while (this.#idle.length > 0) {
			const next = this.#take()
			if (next === undefined && !this.#shutDown) return
			this.#idle.shift()?.(next)
		}
		if (this.#shutDown && this.#processing.size === 0) this.#drained?.resolve()
	}

	#take(): Key | undefined {
		for (const ready of [this.#ready.change, this.#ready.resync]) {
			for (const [key, since] of ready) {
				ready.delete(key)
				const now = this.#clock.monotonic()
				this.#processing.set(key, now)
				this.#observer.started?.(now - since)
				return key
			}
		}
		return undefined
	}
}
