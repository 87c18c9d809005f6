/** How fast requests may go. */
export type Limits = {
	/** Requests under way at the same time, watches not counted; 64 when left out. */
	readonly concurrency?: number
	/** Requests per second with a burst; without it the API server's own fairness decides. */
	readonly rate?: {readonly perSecond: number; readonly burst: number}
}

type Waiting = {readonly start: () => void; readonly signal: AbortSignal}

/**
 * Lets requests through in the order in which they came. A 429 halves how many may be under way and successes bring
 * it back one by one, so that an overloaded API server is not asked ever again by the same crowd.
 */
export class Limiter {
	readonly #most: number
	readonly #rate: {readonly perSecond: number; readonly burst: number} | undefined
	readonly #now: () => number
	readonly #queue: Waiting[] = []
	#allowed: number
	#running = 0
	#tokens: number
	#filledAt: number
	#timer: NodeJS.Timeout | undefined

	constructor({concurrency = 64, rate}: Limits = {}, now: () => number = () => performance.now()) {
		this.#most = concurrency
		this.#allowed = concurrency
		this.#rate = rate
		this.#tokens = rate?.burst ?? 0
		this.#now = now
		this.#filledAt = now()
	}

	get allowed(): number {
		return Math.floor(this.#allowed)
	}

	/** Resolves when a request may go; every call needs one `release`. Rejects with the signal's reason. */
	async acquire(signal: AbortSignal): Promise<void> {
		signal.throwIfAborted()
		await new Promise<void>((resolve, reject) => {
			const abort = () => {
				const index = this.#queue.indexOf(waiting)
				if (index >= 0) this.#queue.splice(index, 1)
				reject(signal.reason)
			}
			const waiting: Waiting = {
				signal,
				start: () => {
					signal.removeEventListener("abort", abort)
					resolve()
				},
			}
			signal.addEventListener("abort", abort, {once: true})
			this.#queue.push(waiting)
			this.#pump()
		})
	}

	release(): void {
		this.#running--
		this.#pump()
	}

	throttled(): void {
		this.#allowed = Math.max(1, this.#allowed / 2)
	}

	succeeded(): void {
		this.#allowed = Math.min(this.#most, this.#allowed + 1 / this.#allowed)
	}

	#pump(): void {
		while (this.#running < this.allowed && this.#queue.length > 0 && this.#takeToken()) {
			this.#running++
			this.#queue.shift()?.start()
		}
	}

	#takeToken(): boolean {
		if (this.#rate === undefined) return true
		const {perSecond, burst} = this.#rate
		const now = this.#now()
		this.#tokens = Math.min(burst, this.#tokens + ((now - this.#filledAt) / 1_000) * perSecond)
		this.#filledAt = now
		if (this.#tokens >= 1) {
			this.#tokens--
			return true
		}
		this.#timer ??= setTimeout(
			() => {
				this.#timer = undefined
				this.#pump()
			},
			Math.ceil(((1 - this.#tokens) / perSecond) * 1_000),
		)
		return false
	}
}
