/** A module put together byte by byte, so that tests also have those that no assembler makes. */
type Func = {readonly module: string; readonly name: string; readonly type: string}

export type Parts = {
	/** `type` is `iiI>i`: letters of the parameters and, after `>`, of the results. */
	readonly imports?: readonly Func[]
	/** Functions of its own, exported under their names; `code` is their body without locals and without `end`. */
	readonly functions?: readonly {
		readonly name: string
		readonly type?: string
		readonly code?: readonly number[]
	}[]
	/** Of its memory in pages; null for none. */
	readonly memory?: {readonly minimum: number; readonly maximum?: number; readonly as?: string} | null
	/** The index among `functions` of the one that runs at once. */
	readonly start?: number
}

const letters: Readonly<Record<string, number>> = {i: 0x7f, I: 0x7e, f: 0x7d, F: 0x7c}

/** What a proxy needs of a module: the marker of its interface, a memory, and an allocator. */
export const proxyModule = (parts: Parts = {}, version = "0_2_1"): Uint8Array<ArrayBuffer> =>
	moduleBytes({
		...parts,
		functions: [
			{name: `proxy_abi_version_${version}`},
			{name: "proxy_on_memory_allocate", type: "i>i", code: [0x41, 0]},
			...(parts.functions ?? []),
		],
		...(parts.start === undefined ? {} : {start: parts.start + 2}),
	})

export function moduleBytes(parts: Parts = {}): Uint8Array<ArrayBuffer> {
	const {imports = [], functions = [], memory = {minimum: 1}, start} = parts
	const types = [...imports.map(({type}) => type), ...functions.map(({type = ">"}) => type)]
	const exports = [
		...functions.map(({name}, index) => [...text(name), 0, ...leb(imports.length + index)]),
		...(memory === null ? [] : [[...text(memory.as ?? "memory"), 2, 0]]),
	]
	return Uint8Array.from([
		...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
		...section(1, types.map(typeBytes)),
		...section(
			2,
			imports.map(({module, name}, index) => [...text(module), ...text(name), 0, ...leb(index)]),
		),
		...section(
			3,
			functions.map((_, index) => leb(imports.length + index)),
		),
		...section(5, memory === null ? [] : [memoryBytes(memory)]),
		...section(7, exports),
		...(start === undefined ? [] : [8, 1, imports.length + start]),
		...section(
			10,
			functions.map(({code = []}) => [...leb(code.length + 2), 0, ...code, 0x0b]),
		),
	])
}

function memoryBytes({minimum, maximum}: {readonly minimum: number; readonly maximum?: number}): number[] {
	return maximum === undefined ? [0, ...leb(minimum)] : [1, ...leb(minimum), ...leb(maximum)]
}

function section(id: number, entries: readonly (readonly number[])[]): number[] {
	if (entries.length === 0) return []
	const body = [...leb(entries.length), ...entries.flat()]
	return [id, ...leb(body.length), ...body]
}

function typeBytes(type: string): number[] {
	const [parameters = "", results = ""] = type.split(">")
	const list = (some: string) => [...leb(some.length), ...[...some].map((letter) => letters[letter] ?? 0)]
	return [0x60, ...list(parameters), ...list(results)]
}

const text = (some: string): number[] => {
	const bytes = [...new TextEncoder().encode(some)]
	return [...leb(bytes.length), ...bytes]
}

function leb(value: number): number[] {
	return value < 128 ? [value] : [(value % 128) | 128, ...leb(Math.floor(value / 128))]
}
