import type {Clock} from "../types.ts"

type Timer = {readonly at: number; readonly run: () => void}

/** A clock that stands still until it is told to move. */
export class FakeClock implements Clock {
	#now = Date.parse("2026-01-01T00:00:00Z")
	#monotonic = 0
	readonly #timers = new Set<Timer>()

	now(): number {
		return this.#now
	}

	monotonic(): number {
		return this.#monotonic
	}

	setTimer(delayMs: number, run: () => void): {cancel(): void} {
		const timer = {at: this.#monotonic + delayMs, run}
		this.#timers.add(timer)
		return {cancel: () => this.#timers.delete(timer)}
	}

	/** Timers run in order, each at its own time; then what they set off gets its turn. */
	async advance(ms: number): Promise<void> {
		const end = this.#monotonic + ms
		for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
			this.#move(next.at - this.#monotonic)
			this.#timers.delete(next)
			next.run()
			await settle()
		}
		this.#move(end - this.#monotonic)
		await settle()
	}

	#next(end: number): Timer | undefined {
		return [...this.#timers].filter(({at}) => at <= end).sort((a, b) => a.at - b.at)[0]
	}

	#move(ms: number): void {
		this.#now += ms
		this.#monotonic += ms
	}
}

/** Lets every promise that can go on go on. */
export function settle(): Promise<void> {
	return new Promise((resolve) => setImmediate(resolve))
}
