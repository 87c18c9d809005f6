import {createReadStream} from "node:fs"
import {Readable} from "node:stream"
import {buffer} from "node:stream/consumers"
import {pipeline} from "node:stream/promises"
import {createGunzip} from "node:zlib"
import {extract} from "tar-stream"
import {AbortError, invalidInput, messageOf} from "../abort.ts"
import type {TextFile} from "./files.ts"

/** What an archive may unpack to, in bytes: a few kilobytes of gzip can stand for more than fits in memory. */
const limit = 2 ** 31

/** Standard input has no name: gzip begins with its magic number, tar has `ustar` in its first header. */
export function isArchive(bytes: Buffer): boolean {
	return isGzip(bytes) || bytes.subarray(257, 262).toString("latin1") === "ustar"
}

const isGzip = (bytes: Buffer): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b

type Archive = {
	/** What messages call it. */
	readonly file: string
	/** Its content, when it did not come from a file. */
	readonly bytes?: Buffer
	/** Whether an entry is to be read. */
	readonly wants: (name: string) => boolean
}

/**
 * The files of a tar, packed or not, in their order there. Nothing is written to disk, so a name such as `../x` is a
 * name and nothing else; links are no files.
 * @throws AbortError when it is broken, too large, or holds nothing to read
 */
export async function* archived({file, bytes, wants}: Archive): AsyncGenerator<TextFile> {
	const source = bytes === undefined ? createReadStream(file) : Readable.from([bytes])
	const packed = bytes === undefined ? !file.endsWith(".tar") : isGzip(bytes)
	const entries = extract()
	const fed = packed ? pipeline(source, createGunzip(), entries) : pipeline(source, entries)
	// What fails there ends the loop below with the same error.
	fed.catch(() => {})
	let total = 0
	let count = 0
	try {
		for await (const entry of entries) {
			const {name, type, size = 0} = entry.header
			total += size
			if (total > limit) throw tooLarge(file)
			if (type !== "file" || !wants(name)) {
				entry.resume()
				continue
			}
			count += 1
			yield {file: `${file}!${name}`, text: (await buffer(entry)).toString("utf8")}
		}
		await fed
	} catch (error) {
		if (error instanceof AbortError) throw error
		throw invalidInput(`${file} is not a tar that can be read: ${messageOf(error)}`, {
			tryMessage: "Pack it again, for example with: tar -czf dump.tar.gz FOLDER.",
			cause: error,
		})
	}
	if (count === 0) {
		throw invalidInput(`${file} holds no .yaml, .yml or .json file`, {
			tryMessage: "Pack the folder that holds the objects.",
		})
	}
}

const tooLarge = (file: string) =>
	invalidInput(`${file} unpacks to more than ${limit / 2 ** 30} GiB`, {
		tryMessage: "Unpack it and give the folder, or leave out what is not needed.",
	})
