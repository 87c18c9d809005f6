import {MalformedModule} from "../../wasm/binary/reader.ts"
import {fetchModule} from "../../wasm/fetch-module.ts"
import {inspect} from "../../wasm/inspect.ts"
import type {Inspection} from "../../wasm/types.ts"
import {ownHosts} from "../../wasm/verdict.ts"
import type {Asked} from "../model/state.ts"

/** The same as `heddle wasm inspect`, for the hosts to which the profile brings it. @throws AbortError */
export async function inspectModule(
	{url, sha256, hosts = ownHosts}: Asked,
	signal: AbortSignal,
): Promise<Inspection> {
	const fetched = await fetchModule(url, {plainHttp: false, signal})
	const asked = hosts.map((host) => ({host}))
	return await inspect(fetched, {asked, signal, ...(sha256 === undefined ? {} : {sha256})}).catch(
		(error: unknown) => {
			throw error instanceof MalformedModule ? new Error(`${url}: ${error.message}`, {cause: error}) : error
		},
	)
}
