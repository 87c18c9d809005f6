/*
 * Lets a request pass when its bearer token is one of those whose digests are configured, and answers 401 otherwise.
 * The tokens themselves are nowhere in the configuration.
 */
import {rootOf} from "./contexts"
import {configuration, goOn, headerOf, logError, requestHeaders, respond, stop} from "./host"
import {readSettings} from "./settings"
import {sameDigest, sha256} from "./sha256"

export {proxy_on_context_create, proxy_on_delete} from "./contexts"
export {proxy_abi_version_0_2_0, proxy_on_memory_allocate} from "./host"

const allowed = new Map<u32, string[]>()
const scheme = "bearer "

/** `{"sha256": ["<64 hexadecimal digits of a token's digest>"]}` */
export function proxy_on_configure(root: u32, size: usize): u32 {
	const settings = readSettings(configuration(size))
	if (settings === null || !settings.has("sha256")) return refuse()
	const digests = settings.get("sha256")
	for (let i = 0; i < digests.length; i++) {
		digests[i] = digests[i].toLowerCase()
		if (!isDigest(digests[i])) return refuse()
	}
	allowed.set(root, digests)
	return 1
}

function refuse(): u32 {
	logError('token-check: configuration has to be as {"sha256": ["64 hexadecimal digits"]}')
	return 0
}

function isDigest(text: string): bool {
	if (text.length != 64) return false
	for (let i = 0; i < 64; i++) if (!"0123456789abcdef".includes(text.charAt(i))) return false
	return true
}

export function proxy_on_request_headers(context: u32, _count: u32, _end: u32): u32 {
	const value = headerOf(requestHeaders, "authorization")
	if (value !== null && isAllowed(rootOf(context), value)) return goOn
	respond(401, "a known token is needed\n", "www-authenticate", "Bearer")
	return stop
}

function isAllowed(root: u32, value: string): bool {
	if (!allowed.has(root) || value.substring(0, scheme.length).toLowerCase() != scheme) return false
	const digest = sha256(value.substring(scheme.length))
	const digests = allowed.get(root)
	let found = false
	for (let i = 0; i < digests.length; i++) if (sameDigest(digest, digests[i])) found = true
	return found
}
