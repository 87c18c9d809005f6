import {MalformedModule, Reader} from "./reader.ts"

type Kind = "function" | "table" | "memory" | "global" | "tag"

/** `type` is a signature such as `(i32, i64) -> i32`, of functions alone. */
export type Import = {
	readonly module: string
	readonly name: string
	readonly kind: Kind
	readonly type?: string
}
export type Export = {readonly name: string; readonly kind: Kind; readonly type?: string}

/** In pages of 64 KiB. */
export type Limits = {
	readonly minimum: number
	readonly maximum?: number
	readonly shared: boolean
	readonly wide: boolean
}

/** Where a section stands: from its first byte, its identifier, to the byte after it. */
export type Section = {readonly id: number; readonly from: number; readonly to: number}

/** What a module says of itself. */
export type Module = {
	readonly imports: readonly Import[]
	readonly exports: readonly Export[]
	/** Those of its own, not those that it imports. */
	readonly memories: readonly Limits[]
	/** It runs a function as soon as it is instantiated. */
	readonly starts: boolean
	readonly sections: readonly Section[]
}

/** Both far above what compilers write, and each entry is looked at, of imports host by host. */
const mostSections = 100_000
const mostImports = 10_000

const kinds: readonly Kind[] = ["function", "table", "memory", "global", "tag"]
const valueTypes: Readonly<Record<number, string>> = {
	127: "i32",
	126: "i64",
	125: "f32",
	124: "f64",
	123: "v128",
	112: "funcref",
	111: "externref",
}

/**
 * Reads a core module (https://webassembly.github.io/spec/core/binary/modules.html), as far as it tells what the
 * module asks of its host. Whether its code is valid is not checked here: an engine does that.
 * @throws MalformedModule
 */
export function parseModule(bytes: Uint8Array): Module {
	requireHeader(bytes)
	return new Parser(bytes).module()
}

const startsWith = (bytes: Uint8Array, ...first: number[]) => first.every((byte, at) => bytes[at] === byte)

function requireHeader(bytes: Uint8Array): void {
	if (bytes.length === 0) throw new MalformedModule("it is empty")
	if (startsWith(bytes, 0, 0x61, 0x73, 0x6d)) {
		if (startsWith(bytes.subarray(4), 1, 0, 0, 0)) return
		if (startsWith(bytes.subarray(6), 1, 0))
			throw new MalformedModule(
				"it is a WebAssembly component (WASI 0.2), and the hosts here run core modules alone; build it as one, such as for wasm32-wasip1",
			)
		if (bytes.length < 8) throw new MalformedModule("the module ends in the middle, at byte 4")
		throw new MalformedModule("it is a WebAssembly module of a version that nobody runs; version 1 is meant")
	}
	throw new MalformedModule(`it is no WebAssembly module: ${looksLike(bytes)}`)
}

function looksLike(bytes: Uint8Array): string {
	if (startsWith(bytes, 0x1f, 0x8b)) return "it is compressed with gzip; unpack it first"
	if (startsWith(bytes, 0x50, 0x4b, 3, 4)) return "it is a zip archive; unpack it first"
	if (startsWith(bytes, 0x7f, 0x45, 0x4c, 0x46)) return "it is a native program"
	const text = new TextDecoder().decode(bytes.subarray(0, 64)).trimStart()
	if (text.startsWith("(module")) return "it is the text format; assemble it first, such as with wat2wasm"
	if (/^<(!doctype|html)/i.test(text)) return "it is a web page"
	return "a module begins with the bytes 00 61 73 6d"
}

class Parser {
	readonly #bytes: Uint8Array
	#types: string[] = []
	#functions: (string | undefined)[] = []
	#imports: Import[] = []
	#exports: Export[] = []
	#memories: Limits[] = []
	readonly #sections: Section[] = []
	#starts = false

	constructor(bytes: Uint8Array) {
		this.#bytes = bytes
	}

	module(): Module {
		const reader = new Reader(this.#bytes, 8)
		while (!reader.done) {
			const from = reader.at
			const id = reader.byte()
			const body = reader.part(reader.unsigned())
			this.#sections.push({id, from, to: reader.at})
			if (this.#sections.length > mostSections)
				throw reader.malformed(`has more than ${mostSections} sections`)
			this.#section(id, body)
		}
		return {
			imports: this.#imports,
			exports: this.#exports,
			memories: this.#memories,
			starts: this.#starts,
			sections: this.#sections,
		}
	}

	#section(id: number, body: Reader): void {
		// Not by push(...entries): a call has no room for as many arguments as a section may have entries.
		if (id === 1) this.#types = this.#types.concat(body.many(() => signature(body)))
		else if (id === 2) this.#imports = this.#imports.concat(this.#importsOf(body))
		else if (id === 3) this.#functions = this.#functions.concat(body.many(() => this.#types[body.unsigned()]))
		else if (id === 5) this.#memories = this.#memories.concat(body.many(() => limits(body)))
		else if (id === 7) this.#exports = this.#exports.concat(body.many(() => this.#export(body)))
		else if (id === 8) this.#starts = true
	}

	#importsOf(body: Reader): readonly Import[] {
		const found = body.many(() => this.#import(body))
		if (found.length > mostImports)
			throw body.malformed(
				`has ${found.length} imports, and no host offers more than a few hundred functions`,
			)
		return found
	}

	#import(body: Reader): Import {
		const [module, name, kind] = [body.text(), body.text(), kindOf(body)]
		if (kind !== "function") {
			skipType(kind, body)
			return {module, name, kind}
		}
		const type = this.#types[body.unsigned()]
		if (type === undefined) throw body.malformed("imports a function of a type that it does not have")
		this.#functions.push(type)
		return {module, name, kind, type}
	}

	#export(body: Reader): Export {
		const [name, kind, index] = [body.text(), kindOf(body), body.unsigned()]
		const type = kind === "function" ? this.#functions[index] : undefined
		return {name, kind, ...(type === undefined ? {} : {type})}
	}
}

function signature(body: Reader): string {
	const form = body.byte()
	if (form !== 0x60)
		throw body.malformed(`uses a form of type (0x${form.toString(16)}) that the hosts here do not take`)
	const [parameters, results] = [body.many(() => valueType(body)), body.many(() => valueType(body))]
	const result = results.length === 0 ? "nothing" : results.join(", ")
	return `(${parameters.join(", ")}) -> ${result}`
}

function valueType(body: Reader): string {
	const type = valueTypes[body.byte()]
	if (type === undefined) throw body.malformed("uses a type of value that the hosts here do not take")
	return type
}

function kindOf(body: Reader): Kind {
	const kind = kinds[body.byte()]
	if (kind === undefined) throw body.malformed("imports or exports something unknown")
	return kind
}

function skipType(kind: Kind, body: Reader): void {
	if (kind === "table") valueType(body)
	if (kind === "table" || kind === "memory") limits(body)
	if (kind === "global") {
		valueType(body)
		body.byte()
	}
	if (kind === "tag") {
		body.byte()
		body.unsigned()
	}
}

function limits(body: Reader): Limits {
	const flags = body.byte()
	if (flags > 7) throw body.malformed("has limits of an unknown kind")
	const [minimum, maximum] = [body.unsigned(), (flags & 1) === 1 ? body.unsigned() : undefined]
	return {
		minimum,
		...(maximum === undefined ? {} : {maximum}),
		shared: (flags & 2) === 2,
		wide: (flags & 4) === 4,
	}
}
