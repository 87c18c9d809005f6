/** The bytes are no module, or not a whole one. */
export class MalformedModule extends Error {
	override name = "MalformedModule"
}

/** Where engines stop (https://webassembly.github.io/spec/js-api/#limits): entries of a section, bytes of a name. */
const mostEntries = 1_000_000
const longestName = 100_000
/** Of a number in LEB128, of 64 bits at most. */
const longestNumber = 10

/** Reads the primitives of the binary format within bounds. @throws MalformedModule */
export class Reader {
	readonly #bytes: Uint8Array
	readonly #end: number
	at: number

	constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
		this.#bytes = bytes
		this.#end = end
		this.at = at
	}

	get done(): boolean {
		return this.at >= this.#end
	}

	byte(): number {
		const value = this.at < this.#end ? this.#bytes[this.at] : undefined
		if (value === undefined) throw this.malformed("ends in the middle")
		this.at++
		return value
	}

	/** LEB128, unsigned; up to 2^53, which is more than any size or index that a module can have. */
	unsigned(): number {
		let value = 0
		let scale = 1
		for (let length = 1; ; length++, scale *= 128) {
			const byte = this.byte()
			if (length > longestNumber) throw this.malformed("has a number that never ends")
			value += (byte & 0x7f) * scale
			if (value > Number.MAX_SAFE_INTEGER) throw this.malformed("has a number that is too large")
			if (byte < 0x80) return value
		}
	}

	/** How many entries follow. Each takes a byte at least, so a count never makes us allocate more than was given. */
	count(): number {
		const value = this.unsigned()
		if (value > this.#end - this.at) throw this.malformed(`announces ${value} entries and ends before them`)
		if (value > mostEntries) throw this.malformed(`has ${value} entries where engines take ${mostEntries}`)
		return value
	}

	many<T>(read: () => T): T[] {
		return Array.from({length: this.count()}, read)
	}

	/** A part of `size` bytes, which is skipped here. */
	part(size: number): Reader {
		if (size > this.#end - this.at)
			throw this.malformed(`ends ${size - (this.#end - this.at)} bytes too early`)
		const part = new Reader(this.#bytes, this.at, this.at + size)
		this.at += size
		return part
	}

	text(): string {
		const size = this.count()
		if (size > longestName)
			throw this.malformed(`has a name of ${size} bytes where engines take ${longestName}`)
		const from = this.at
		this.at += size
		try {
			return new TextDecoder("utf-8", {fatal: true}).decode(this.#bytes.subarray(from, this.at))
		} catch {
			throw new MalformedModule(`the module has a name that is no UTF-8, at byte ${from}`)
		}
	}

	malformed(what: string): MalformedModule {
		return new MalformedModule(`the module ${what}, at byte ${this.at}`)
	}
}
