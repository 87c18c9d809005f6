type Exports = Readonly<Record<string, (...args: number[]) => number>>
type Engine = {
	instantiate(
		bytes: Uint8Array,
		imports: object,
	): Promise<{instance: {exports: Exports & {memory: {buffer: ArrayBuffer}}}}>
}
const engine = (globalThis as unknown as {WebAssembly: Engine}).WebAssembly

export type Answer = {readonly status: number; readonly body: string; readonly headers: [string, string][]}

export type Outcome = {
	/** What the module answered in place of the application; undefined where the request went on. */
	readonly answer?: Answer
	/** What it added to the response. */
	readonly added: readonly [string, string][]
}

/**
 * A stand-in for a proxy: as much of proxy-wasm 0.2.0 as a test needs to hand requests to a module. What a proxy really
 * does with the module is tested with Envoy.
 */
export class StubHost {
	readonly logs: string[] = []
	readonly counters = new Map<string, number>()
	#exports: (Exports & {readonly memory: {readonly buffer: ArrayBuffer}}) | undefined
	#headers: Readonly<Record<string, string>> = {}
	#configuration = ""
	#answer: Answer | undefined
	#added: [string, string][] = []
	#next = 1

	static async load(bytes: Uint8Array): Promise<StubHost> {
		const host = new StubHost()
		const {instance} = await engine.instantiate(bytes, {env: host.#imports()})
		host.#exports = instance.exports
		host.#call("_initialize")
		return host
	}

	/** A plugin of its own in this machine; undefined where the module refuses its configuration. */
	configure(configuration: unknown): number | undefined {
		const root = this.#next++
		this.#call("proxy_on_context_create", root, 0)
		const text = typeof configuration === "string" ? configuration : JSON.stringify(configuration)
		this.#configuration = text
		return this.#call("proxy_on_configure", root, Buffer.byteLength(text)) === 1 ? root : undefined
	}

	/** One request and its response, from the first call to the last. */
	request(root: number, headers: Readonly<Record<string, string>> = {}): Outcome {
		const context = this.#next++
		this.#headers = {":method": "GET", ":path": "/", ...headers}
		this.#answer = undefined
		this.#added = []
		this.#call("proxy_on_context_create", context, root)
		const action = this.#call("proxy_on_request_headers", context, 0, 1)
		const answer = this.#given
		if ((action === 0) !== (answer === undefined))
			throw new Error(`an answer goes with a stop, and the module said ${action}`)
		if (action === 0) this.#call("proxy_on_response_headers", context, 0, 1)
		this.#call("proxy_on_delete", context)
		return {...(answer && {answer}), added: this.#added}
	}

	get #given(): Answer | undefined {
		return this.#answer
	}

	get memoryBytes(): number {
		return this.#memory.length
	}

	get #memory(): Buffer {
		if (this.#exports === undefined) throw new Error("nothing is loaded")
		return Buffer.from(this.#exports.memory.buffer)
	}

	/** What a module does not export, it does not want to know. */
	#call(name: string, ...args: number[]): number {
		return this.#exports?.[name]?.(...args) ?? 0
	}

	#text(at: number, size: number): string {
		return this.#memory.toString("utf8", at, at + size)
	}

	#give(text: string, at: number, sizeAt: number): number {
		const size = Buffer.byteLength(text)
		const room = this.#call("proxy_on_memory_allocate", size)
		this.#memory.write(text, room, "utf8")
		this.#memory.writeUInt32LE(room, at)
		this.#memory.writeUInt32LE(size, sizeAt)
		return 0
	}

	#imports(): Record<string, (...args: number[]) => number> {
		const names: string[] = []
		return {
			proxy_log: (_level = 0, at = 0, size = 0) => this.logs.push(this.#text(at, size)) * 0,
			proxy_get_header_map_value: (_map = 0, at = 0, size = 0, ...out) => {
				const value = this.#headers[this.#text(at, size)]
				return value === undefined ? 1 : this.#give(value, out[0] ?? 0, out[1] ?? 0)
			},
			proxy_add_header_map_value: (_map = 0, at = 0, size = 0, ...value) => {
				this.#added.push([this.#text(at, size), this.#text(value[0] ?? 0, value[1] ?? 0)])
				return 0
			},
			proxy_get_buffer_bytes: (_buffer = 0, _from = 0, _size = 0, ...out) =>
				this.#give(this.#configuration, out[0] ?? 0, out[1] ?? 0),
			proxy_define_metric: (_type = 0, at = 0, size = 0, out = 0) => {
				names.push(this.#text(at, size))
				this.#memory.writeUInt32LE(names.length, out)
				return 0
			},
			proxy_increment_metric: (metric = 0, by = 0) => {
				const name = names[metric - 1] ?? "unknown"
				this.counters.set(name, (this.counters.get(name) ?? 0) + Number(by))
				return 0
			},
			proxy_send_local_response: (status = 0, _details, _size, ...rest) => {
				const [body = 0, bodySize = 0, headers = 0] = rest
				this.#answer = {status, body: this.#text(body, bodySize), headers: this.#pairs(headers)}
				return 0
			},
		}
	}

	/** As proxy-wasm serializes them: a count, the sizes, then each text with a zero behind it. */
	#pairs(at: number): [string, string][] {
		const count = this.#memory.readUInt32LE(at)
		let from = at + 4 + count * 8
		const next = (size: number) => {
			const text = this.#text(from, size)
			from += size + 1
			return text
		}
		return Array.from({length: count}, (_, index) => {
			const sizes = at + 4 + index * 8
			return [next(this.#memory.readUInt32LE(sizes)), next(this.#memory.readUInt32LE(sizes + 4))]
		})
	}
}
