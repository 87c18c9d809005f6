/*
 * Tells which of the expected headers came with a request: as a header of the response, in a counter, and, where some
 * are missing, in the proxy's log. It never tells a value, and refuses nothing.
 */
import {proxy_on_delete as forget, rootOf} from "./contexts"
import {
	addHeader,
	configuration,
	counter,
	goOn,
	headerOf,
	increment,
	logError,
	logInfo,
	requestHeaders,
	responseHeaders,
} from "./host"
import {readSettings} from "./settings"

export {proxy_on_context_create} from "./contexts"
export {proxy_abi_version_0_2_0, proxy_on_memory_allocate} from "./host"

const expected = new Map<u32, string[]>()
const findings = new Map<u32, string>()
let missingCounter: u32 = 0

/** `{"headers": ["x-user", "x-team"]}` */
export function proxy_on_configure(root: u32, size: usize): u32 {
	const settings = readSettings(configuration(size))
	if (settings === null || !settings.has("headers")) {
		logError('header-audit: configuration has to be as {"headers": ["x-user"]}')
		return 0
	}
	expected.set(root, settings.get("headers"))
	missingCounter = counter("header_audit_missing")
	return 1
}

export function proxy_on_request_headers(context: u32, _count: u32, _end: u32): u32 {
	const root = rootOf(context)
	if (!expected.has(root)) return goOn
	const names = expected.get(root)
	const seen: string[] = []
	const missing: string[] = []
	for (let i = 0; i < names.length; i++) {
		if (headerOf(requestHeaders, names[i]) === null) missing.push(names[i])
		else seen.push(names[i])
	}
	findings.set(context, "seen=" + seen.join(",") + "; missing=" + missing.join(","))
	if (missing.length > 0) {
		increment(missingCounter, missing.length)
		logInfo("header-audit: " + whatOf() + " lacks " + missing.join(", "))
	}
	return goOn
}

/** The method and the path, without the query, which may hold anything. */
function whatOf(): string {
	const method = headerOf(requestHeaders, ":method")
	const path = headerOf(requestHeaders, ":path")
	return (method === null ? "?" : method) + " " + (path === null ? "?" : path.split("?")[0])
}

export function proxy_on_response_headers(context: u32, _count: u32, _end: u32): u32 {
	if (findings.has(context)) addHeader(responseHeaders, "x-header-audit", findings.get(context))
	return goOn
}

export function proxy_on_delete(context: u32): void {
	findings.delete(context)
	forget(context)
}
