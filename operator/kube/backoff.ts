/** Between the value and half as much again, so that many who failed together do not come back together. */
export function jittered(ms: number, random: () => number = Math.random): number {
	return ms * (1 + random() / 2)
}

/** Decorrelated jitter: each wait is drawn between the least and three times the last one. */
export class Backoff {
	readonly #least: number
	readonly #most: number
	readonly #random: () => number
	#last: number

	constructor({
		leastMs = 800,
		mostMs = 30_000,
		random = Math.random,
	}: {leastMs?: number; mostMs?: number; random?: () => number} = {}) {
		this.#least = leastMs
		this.#most = mostMs
		this.#random = random
		this.#last = leastMs
	}

	next(): number {
		this.#last = Math.min(this.#most, this.#least + this.#random() * (this.#last * 3 - this.#least))
		return this.#last
	}

	reset(): void {
		this.#last = this.#least
	}
}
