import type {HostName} from "../../profiles/wasm-hosts/host.ts"
import {invalidInput} from "../abort.ts"
import type {ExitCode} from "../exit.ts"
import {exit} from "../exit.ts"
import type {Flags} from "../flags.ts"
import {printDocument} from "../report/document.ts"
import {wasmText} from "../report/wasm-text.ts"
import type {Session} from "../session.ts"
import {MalformedModule} from "../wasm/binary/reader.ts"
import {fetchModule} from "../wasm/fetch-module.ts"
import {inspect} from "../wasm/inspect.ts"
import {refused} from "../wasm/refused.ts"
import type {Inspection} from "../wasm/types.ts"
import {type Asked, isKnown, ownHosts} from "../wasm/verdict.ts"

/** Has a module, looks at it, and says which hosts would run it. */
export async function wasmInspect(session: Session, flags: Flags, address: string): Promise<ExitCode> {
	const asked = flags.host?.map(askedOf) ?? ownHosts.map((host) => ({host}))
	const {signal} = session
	const fetched = await fetchModule(address, {plainHttp: flags.plainHttp === true, signal})
	const seen = await inspect(fetched, {
		asked,
		signal,
		...(flags.sha256 === undefined ? {} : {sha256: flags.sha256}),
	}).catch((error: unknown) => {
		throw error instanceof MalformedModule ? refused("NoModule", `${address}: ${error.message}`) : error
	})
	await printDocument(session, seen, () => wasmText(seen, session.page))
	return exitOf(seen)
}

const exitOf = ({verdict}: Inspection): ExitCode => (verdict === "Accepted" ? exit.done : exit.refused)

function askedOf(text: string): Asked {
	const [host, version] = text.split("@") as [HostName, string?]
	if (version === undefined) return {host}
	if (!isKnown(host, version))
		throw invalidInput(`--host: nothing is known of ${host} in version ${version}`, {
			tryMessage: `Without a version, all that Heddle knows of ${host} are asked.`,
		})
	return {host, version}
}
