import {open} from "node:fs/promises"
import {invalidInput, messageOf} from "../abort.ts"
import {download} from "./download.ts"
import {inMiB, largestModule} from "./limits.ts"
import {pull} from "./oci/pull.ts"
import {refused} from "./refused.ts"
import type {Fetched} from "./types.ts"

export type FetchOptions = {readonly plainHttp: boolean; readonly signal: AbortSignal}

/** Gets a module from a file, an address or a registry. @throws AbortError */
export async function fetchModule(address: string, options: FetchOptions): Promise<Fetched> {
	if (address.startsWith("oci://")) return await pull(address, options)
	if (/^https?:\/\//.test(address)) return await fromAddress(address, options)
	const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(address)?.[1]
	if (scheme !== undefined)
		throw invalidInput(`${scheme}:// is no way to get a module`, {
			tryMessage: "Give a file, https://… or oci://…",
		})
	return {address, bytes: await fromFile(address)}
}

async function fromAddress(address: string, options: FetchOptions): Promise<Fetched> {
	const url = URL.parse(address)
	if (url === null) throw invalidInput(`${address} is no address`)
	if (url.username !== "" || url.password !== "")
		throw invalidInput("an address with a password in it would be printed and kept", {
			tryMessage: "Download the module, and give the file.",
		})
	const {status, body} = await download(url, {...options, limit: largestModule})
	if (status !== 200) throw refused("CannotFetch", `${url.host} answers ${status} to ${url.pathname}`)
	return {address, bytes: body}
}

async function fromFile(path: string): Promise<Uint8Array> {
	const file = await open(path).catch((error: unknown) => {
		throw invalidInput(`${path} cannot be read: ${messageOf(error)}`)
	})
	try {
		const facts = await file.stat()
		if (!facts.isFile()) throw invalidInput(`${path} is no file`)
		if (facts.size > largestModule)
			throw refused("NoModule", `${path} is larger than ${inMiB(largestModule)}`)
		return await file.readFile()
	} finally {
		await file.close()
	}
}
