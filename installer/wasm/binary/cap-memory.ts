import type {Limits, Module} from "./module.ts"

const memorySection = 5

/**
 * The same module with memories that cannot grow beyond `pages`: an engine bounds what its own heap takes, never what
 * a module asks for by itself.
 */
export function capMemory(bytes: Uint8Array, {sections, memories}: Module, pages: number): Uint8Array {
	const section = sections.find(({id}) => id === memorySection)
	if (section === undefined) return bytes
	const body = [...leb(memories.length), ...memories.flatMap((one) => capped(one, pages))]
	return Buffer.concat([
		bytes.subarray(0, section.from),
		Uint8Array.from([memorySection, ...leb(body.length), ...body]),
		bytes.subarray(section.to),
	])
}

const capped = ({minimum, maximum = pagesOf32Bits, shared, wide}: Limits, pages: number): number[] => [
	1 | (shared ? 2 : 0) | (wide ? 4 : 0),
	...leb(minimum),
	...leb(Math.max(minimum, Math.min(maximum, pages))),
]

const pagesOf32Bits = 65_536

function leb(value: number): number[] {
	const bytes = []
	let rest = value
	for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128)
	return [...bytes, rest]
}
