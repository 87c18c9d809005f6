/** Entries after which sharing starts afresh: what is lost then is memory, never meaning. */
const mostEntries = 50_000

/**
 * Replaces equal values by one of them. The pods of a workload differ in their names and little else, so that their
 * labels and containers need to stand in memory once.
 */
export class Interner {
	readonly #values = new Map<string, unknown>()
	readonly #most: number

	constructor(most = mostEntries) {
		this.#most = most
	}

	/** The value, or an equal one seen before. It must be plain JSON, and nobody may change it. */
	share<T>(value: T): T {
		if (value === undefined || value === null || typeof value === "number" || typeof value === "boolean")
			return value
		const key = typeof value === "string" ? `s${value}` : JSON.stringify(value)
		const known = this.#values.get(key)
		if (known !== undefined) return known as T
		if (this.#values.size >= this.#most) this.#values.clear()
		this.#values.set(key, value)
		return value
	}
}
