/*
 * The part of proxy-wasm 0.2.0 that these modules need, in own words:
 * https://github.com/proxy-wasm/spec/tree/main/abi-versions/v0.2.0
 */

@external("env", "proxy_log")
declare function proxyLog(level: u32, message: usize, size: usize): u32

@external("env", "proxy_get_header_map_value")
declare function proxyGetHeader(map: u32, key: usize, keySize: usize, value: usize, valueSize: usize): u32

@external("env", "proxy_add_header_map_value")
declare function proxyAddHeader(map: u32, key: usize, keySize: usize, value: usize, valueSize: usize): u32

@external("env", "proxy_get_buffer_bytes")
declare function proxyGetBuffer(buffer: u32, start: usize, length: usize, value: usize, valueSize: usize): u32

@external("env", "proxy_define_metric")
declare function proxyDefineMetric(type: u32, name: usize, nameSize: usize, metric: usize): u32

@external("env", "proxy_increment_metric")
declare function proxyIncrementMetric(metric: u32, by: i64): u32

@external("env", "proxy_send_local_response")
declare function proxySendResponse(
	status: u32,
	details: usize,
	detailsSize: usize,
	body: usize,
	bodySize: usize,
	headers: usize,
	headersSize: usize,
	grpcStatus: i32,
): u32

export const requestHeaders: u32 = 0
export const responseHeaders: u32 = 2
const pluginConfiguration: u32 = 7

export const goOn: u32 = 0
export const stop: u32 = 1

/** Where the host puts the address and the size of an answer. */
const answer: usize = memory.data(8)

export function proxy_abi_version_0_2_0(): void {}

/** The host writes into what it gets from here; whoever reads it frees it. Not of the collector's, which may move on. */
export function proxy_on_memory_allocate(size: usize): usize {
	return heap.alloc(size)
}

export function logInfo(message: string): void {
	log(2, message)
}

export function logError(message: string): void {
	log(4, message)
}

function log(level: u32, message: string): void {
	const bytes = String.UTF8.encode(message)
	proxyLog(level, changetype<usize>(bytes), bytes.byteLength)
}

/** Null where there is none. */
export function headerOf(map: u32, name: string): string | null {
	const key = String.UTF8.encode(name)
	return proxyGetHeader(map, changetype<usize>(key), key.byteLength, answer, answer + 4) == 0 ? taken() : null
}

export function addHeader(map: u32, name: string, value: string): void {
	const key = String.UTF8.encode(name)
	const bytes = String.UTF8.encode(value)
	proxyAddHeader(map, changetype<usize>(key), key.byteLength, changetype<usize>(bytes), bytes.byteLength)
}

export function configuration(size: usize): string {
	if (size == 0) return ""
	return proxyGetBuffer(pluginConfiguration, 0, size, answer, answer + 4) == 0 ? taken() : ""
}

/** The text that the host has just put into memory of ours. */
function taken(): string {
	const at = load<usize>(answer)
	const size = load<usize>(answer + 4)
	if (at == 0) return ""
	const text = String.UTF8.decodeUnsafe(at, size)
	heap.free(at)
	return text
}

/** A counter that only grows. */
export function counter(name: string): u32 {
	const bytes = String.UTF8.encode(name)
	const found = proxyDefineMetric(0, changetype<usize>(bytes), bytes.byteLength, answer) == 0
	return found ? load<u32>(answer) : 0
}

export function increment(metric: u32, by: i64): void {
	proxyIncrementMetric(metric, by)
}

/** Answers in place of the application, with one header. */
export function respond(status: u32, body: string, name: string, value: string): void {
	const text = String.UTF8.encode(body)
	const key = String.UTF8.encode(name)
	const bytes = String.UTF8.encode(value)
	// The count of pairs, the sizes of each, then name and value, each with a zero behind it.
	const pairs = new ArrayBuffer(12 + key.byteLength + bytes.byteLength + 2)
	const at = changetype<usize>(pairs)
	store<u32>(at, 1)
	store<u32>(at + 4, key.byteLength)
	store<u32>(at + 8, bytes.byteLength)
	memory.copy(at + 12, changetype<usize>(key), key.byteLength)
	memory.copy(at + 13 + key.byteLength, changetype<usize>(bytes), bytes.byteLength)
	proxySendResponse(status, 0, 0, changetype<usize>(text), text.byteLength, at, pairs.byteLength, -1)
}

/** What the compiler calls where an assertion fails; its own would ask the host for a function that proxies lack. */
export function abort(message: string | null, _file: string | null, line: u32, _column: u32): void {
	logError("stopped at line " + line.toString() + (message === null ? "" : ": " + message))
	unreachable()
}
