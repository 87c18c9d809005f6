import type {Memory, Named} from "./engine.ts"

/** Statuses of proxy-wasm and WASI (proxy-wasm/spec, proxy_status_t; WASI preview 1, errno). */
const notFound = 1
const badDescriptor = 8
const notSupported = 52

/** Thrown where a module ends its own process. */
export class Exited extends Error {}

type MemoryOf = () => Memory | undefined
type Stub = (...args: number[]) => number | undefined

/**
 * Functions in place of a host's: nothing behind them. There is no file, no network, no clock (it is always 1970) and
 * no chance (all zeros); what is logged is dropped. Whoever asks for a value is told that there is none.
 */
export function stubs(imports: readonly Named[], memory: MemoryOf): Record<string, Record<string, Stub>> {
	const known = new Map<string, Stub>(Object.entries({...proxy(memory), ...wasi(memory)}))
	// A module may name its imports __proto__ or constructor: nothing of an object's own may answer to that.
	const modules: Record<string, Record<string, Stub>> = Object.create(null)
	for (const {module, name, kind} of imports) {
		if (kind !== "function") continue
		modules[module] ??= Object.create(null) as Record<string, Stub>
		const fallback = module.startsWith("wasi") ? notSupported : notFound
		modules[module][name] = known.get(name) ?? (() => fallback)
	}
	return modules
}

const zero = () => 0

/** Writes where the module wants its answer, and says that all is well. */
function put(memory: MemoryOf, at: number, bytes: readonly number[]): 0 {
	const all = memory()
	if (all !== undefined) new Uint8Array(all.buffer).set(bytes, at >>> 0)
	return 0
}

const four = [0, 0, 0, 0]
const eight = [...four, ...four]

const proxy = (memory: MemoryOf): Record<string, Stub> => ({
	proxy_log: zero,
	proxy_set_tick_period_milliseconds: zero,
	proxy_set_effective_context: zero,
	proxy_done: zero,
	proxy_get_log_level: (at = 0) => put(memory, at, four),
	proxy_get_current_time_nanoseconds: (at = 0) => put(memory, at, eight),
	proxy_define_metric: (_type, _name, _size, at = 0) => put(memory, at, [1, 0, 0, 0]),
	proxy_increment_metric: zero,
	proxy_record_metric: zero,
	pthread_equal: (left, right) => (left === right ? 1 : 0),
})

const wasi = (memory: MemoryOf): Record<string, Stub> => ({
	fd_write: (_fd, vectors = 0, count = 0, at = 0) => put(memory, at, written(memory, vectors, count)),
	fd_prestat_get: () => badDescriptor,
	fd_fdstat_get: () => badDescriptor,
	fd_close: () => badDescriptor,
	environ_get: zero,
	environ_sizes_get: (count = 0, size = 0) => put(memory, count, four) + put(memory, size, four),
	args_get: zero,
	args_sizes_get: (count = 0, size = 0) => put(memory, count, four) + put(memory, size, four),
	clock_time_get: (_id, _precision, at = 0) => put(memory, at, eight),
	clock_res_get: (_id, at = 0) => put(memory, at, [1, 0, 0, 0, ...four]),
	random_get: (at = 0, size = 0) => {
		const all = memory()
		if (all !== undefined) new Uint8Array(all.buffer, at >>> 0, size >>> 0).fill(0)
		return 0
	},
	sched_yield: zero,
	proc_exit: (code) => {
		throw new Exited(`it ends itself with code ${code}`)
	},
})

/** As if all of it had been written, or a program would try for ever. */
function written(memory: MemoryOf, vectors: number, count: number): readonly number[] {
	const all = memory()
	if (all === undefined) return four
	const view = new DataView(all.buffer)
	let sum = 0
	for (let index = 0; index < count; index++) sum += view.getUint32((vectors >>> 0) + index * 8 + 4, true)
	return [sum & 255, (sum >>> 8) & 255, (sum >>> 16) & 255, (sum >>> 24) & 255]
}
