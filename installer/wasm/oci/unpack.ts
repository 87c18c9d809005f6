import {promisify} from "node:util"
import {gunzip} from "node:zlib"
import {extract} from "tar-stream"
import {messageOf} from "../../abort.ts"
import {inMiB, largestLayer, largestModule} from "../limits.ts"
import {refused} from "../refused.ts"

const moduleName = "plugin.wasm"

type Bounds = {readonly layer: number; readonly module: number}

/**
 * The first `plugin.wasm` of a layer, which is the one that hosts take. Unpacking ends at a bound, so that a small
 * layer cannot fill the memory. @throws AbortError
 */
export async function unpack(
	layer: Uint8Array,
	name: string,
	bounds: Bounds = {layer: largestLayer, module: largestModule},
): Promise<Uint8Array> {
	const archive = await decompressed(layer, name, bounds.layer)
	const module = await moduleIn(archive).catch((error: unknown) => {
		throw refused("NoModule", `the layer of ${name} is no whole archive: ${messageOf(error)}`)
	})
	if (module === undefined)
		throw refused("NoModule", `the layer of ${name} has no ${moduleName}`, "Hosts look for that name alone.")
	if (module.length > bounds.module)
		throw refused("NoModule", `${moduleName} of ${name} is larger than ${inMiB(bounds.module)}`)
	return module
}

async function decompressed(layer: Uint8Array, name: string, most: number): Promise<Uint8Array> {
	try {
		return await promisify(gunzip)(layer, {maxOutputLength: most})
	} catch (error) {
		if (error instanceof RangeError && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE")
			throw refused("NoModule", `the layer of ${name} unpacks to more than ${inMiB(most)}`)
		throw refused("NoModule", `the layer of ${name} is no whole gzip: ${messageOf(error)}`)
	}
}

async function moduleIn(bytes: Uint8Array): Promise<Uint8Array | undefined> {
	const archive = extract()
	archive.end(bytes)
	for await (const entry of archive) {
		if (entry.header.type !== "file" || entry.header.name.split("/").at(-1) !== moduleName) {
			entry.resume()
			continue
		}
		const parts: Uint8Array[] = []
		for await (const part of entry) parts.push(part as Uint8Array)
		return Buffer.concat(parts)
	}
	return undefined
}
