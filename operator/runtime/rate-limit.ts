import type {Key} from "./types.ts"

export type RateLimits = {
	/** Wait after the first failure of a key; each further one doubles it. */
	readonly leastMs?: number
	readonly mostMs?: number
	/** Retries of all keys together. */
	readonly perSecond?: number
	readonly burst?: number
}

/** client-go's default: exponential for each key, a bucket over all, the longer of the two. */
export class RateLimit {
	readonly #limits: Required<RateLimits>
	readonly #now: () => number
	readonly #failures = new Map<Key, number>()
	/** When the bucket will be full again, if nobody takes from it. */
	#fullAt = Number.NEGATIVE_INFINITY

	constructor(limits: RateLimits, now: () => number) {
		this.#limits = {leastMs: 5, mostMs: 1_000_000, perSecond: 10, burst: 100, ...limits}
		this.#now = now
	}

	/** How long this failure of the key has to wait. */
	next(key: Key): number {
		const {leastMs, mostMs} = this.#limits
		const failures = this.#failures.get(key) ?? 0
		this.#failures.set(key, failures + 1)
		return Math.max(Math.min(mostMs, leastMs * 2 ** failures), this.#takeToken())
	}

	forget(key: Key): void {
		this.#failures.delete(key)
	}

	failures(key: Key): number {
		return this.#failures.get(key) ?? 0
	}

	#takeToken(): number {
		const now = this.#now()
		const perTokenMs = 1_000 / this.#limits.perSecond
		this.#fullAt = Math.max(this.#fullAt, now) + perTokenMs
		return Math.max(0, this.#fullAt - now - this.#limits.burst * perTokenMs)
	}
}
