import {messageOf} from "../abort.ts"
import {inMiB} from "./limits.ts"
import {refused} from "./refused.ts"

export type Got = {
	readonly status: number
	readonly headers: Headers
	readonly body: Uint8Array
}

export type Request = {
	/** Of the body, in bytes. */
	readonly limit: number
	readonly headers?: Readonly<Record<string, string>>
	readonly form?: URLSearchParams
	/** Also without TLS. */
	readonly plainHttp: boolean
	readonly signal: AbortSignal
}

const mostRedirects = 5

/**
 * One request, with redirects that are bounded, never leave TLS, and lose the credentials with the origin that they
 * are for. @throws AbortError
 */
export async function download(url: URL, request: Request): Promise<Got> {
	let at = url
	let headers = {...request.headers}
	for (let hops = 0; hops <= mostRedirects; hops++) {
		requireTLS(at, url, request)
		const response = await once(at, {...request, headers})
		const location = response.headers.get("location")
		if (response.status < 300 || response.status >= 400 || location === null)
			return {status: response.status, headers: response.headers, body: await whole(response, at, request)}
		await response.body?.cancel()
		const next = URL.parse(location, at.href)
		if (next === null)
			throw refused("CannotFetch", `${at.host} redirects to ${location}, which is no address`)
		if (next.origin !== at.origin) headers = without(headers, "authorization")
		at = next
	}
	throw refused("CannotFetch", `${url.host} redirects more than ${mostRedirects} times`)
}

function requireTLS(at: URL, first: URL, {plainHttp}: Request): void {
	if (at.protocol === "https:" || (at.protocol === "http:" && plainHttp)) return
	const how =
		at === first
			? `${at.protocol}//${at.host} has no TLS`
			: `${first.host} redirects to ${at.protocol}//${at.host}`
	throw refused(
		"CannotFetch",
		`${how}: whoever is on the way could change the module`,
		"Give --plain-http where that is a registry of your own, such as one on this machine.",
	)
}

async function once(at: URL, {headers = {}, form, signal}: Request): Promise<Response> {
	try {
		return await fetch(at, {
			redirect: "manual",
			signal,
			// What is counted and digested here is what was sent.
			headers: {...headers, "accept-encoding": "identity"},
			...(form && {method: "POST", body: form}),
		})
	} catch (error) {
		signal.throwIfAborted()
		const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
		throw refused("CannotFetch", `${at.host} cannot be reached: ${messageOf(cause)}`, adviceOn(cause))
	}
}

function adviceOn(cause: unknown): string | undefined {
	const code = cause instanceof Error && "code" in cause ? String(cause.code) : ""
	if (/CERT|SIGNATURE|ISSUER/.test(code))
		return "Name your own authority's certificates in NODE_EXTRA_CA_CERTS."
	if (/SSL|EPROTO|WRONG_VERSION/.test(code))
		return "It may speak plain HTTP: give --plain-http where it is a registry of your own."
	return undefined
}

async function whole(response: Response, at: URL, {limit, signal}: Request): Promise<Uint8Array> {
	const parts: Uint8Array[] = []
	let size = 0
	try {
		for await (const part of response.body ?? []) {
			size += part.length
			if (size > limit) throw refused("CannotFetch", `${at.href} is larger than ${inMiB(limit)}`)
			parts.push(part)
		}
	} catch (error) {
		signal.throwIfAborted()
		if (error instanceof Error && error.name === "AbortError" && "exit" in error) throw error
		throw refused("CannotFetch", `${at.host} broke off after ${size} bytes of ${at.pathname}`, "Try again.")
	}
	return Buffer.concat(parts)
}

function without(headers: Record<string, string>, name: string): Record<string, string> {
	return Object.fromEntries(Object.entries(headers).filter(([key]) => key.toLowerCase() !== name))
}
