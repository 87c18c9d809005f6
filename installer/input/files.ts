import {readdir, readFile, stat} from "node:fs/promises"
import {extname, join} from "node:path"
import {buffer} from "node:stream/consumers"
import {invalidInput, messageOf} from "../abort.ts"

/** What a path of `--from-files` or `--profile` stands for: a file's name and its text. */
export type TextFile = {readonly file: string; readonly text: string}

const extensions: ReadonlySet<string> = new Set([".yaml", ".yml", ".json"])

/**
 * Reads files as they are, folders with all below them in order of name, the files of a .tar, .tar.gz or .tgz, and `-`
 * as standard input, which may be such a tar as well. A file that is named is read whatever its extension; in folders
 * and archives .yaml, .yml and .json count.
 * @param flag the option that the paths came with, for messages
 * @throws AbortError when a path is missing, cannot be read, or a folder holds nothing to read
 */
export async function* readPaths(paths: readonly string[], flag: string): AsyncGenerator<TextFile> {
	const read = new Set<string>()
	for (const path of paths) {
		for (const file of path === "-" ? ["-"] : await filesOf(path, flag)) {
			if (read.has(file)) continue
			read.add(file)
			for await (const one of textsOf(file)) yield {file: one.file, text: stripped(one.text)}
		}
	}
}

const isObjects = (name: string): boolean => extensions.has(extname(name))

async function* textsOf(file: string): AsyncGenerator<TextFile> {
	if (file === "-") {
		const bytes = await buffer(process.stdin)
		const {archived, isArchive} = await import("./archive.ts")
		if (isArchive(bytes)) yield* archived({file: "<stdin>", bytes, wants: isObjects})
		else yield {file: "<stdin>", text: decoded(bytes)}
	} else if (/\.(tar|tar\.gz|tgz)$/.test(file)) {
		yield* (await import("./archive.ts")).archived({file, wants: isObjects})
	} else yield {file, text: await readText(file)}
}

async function filesOf(path: string, flag: string): Promise<string[]> {
	if (path === "")
		throw invalidInput(`${flag} was given an empty path`, {
			tryMessage: "Name a file, a folder, or - for standard input.",
		})
	const found = await stat(path).catch((error: unknown) => {
		throw unreadable(path, flag, error)
	})
	if (!found.isDirectory()) return [path]
	const entries = await readdir(path, {recursive: true, withFileTypes: true})
	const files = entries
		.filter((entry) => !entry.isDirectory() && isObjects(entry.name))
		.map((entry) => join(entry.parentPath, entry.name))
		.sort()
	if (files.length === 0) {
		throw invalidInput(`${path} holds no .yaml, .yml or .json file`, {
			tryMessage: `Name the folder or the file that holds the objects: ${flag} PATH.`,
		})
	}
	return files
}

/** Decoded in one go: read as text, a large file is joined from thousands of pieces. */
async function readText(file: string): Promise<string> {
	try {
		return (await readFile(file)).toString("utf8")
	} catch (error) {
		throw unreadable(file, "", error)
	}
}

function decoded(bytes: Buffer): string {
	try {
		return bytes.toString("utf8")
	} catch (error) {
		throw unreadable("<stdin>", "", error)
	}
}

const stripped = (content: string) => (content.startsWith("\ufeff") ? content.slice(1) : content)

function unreadable(path: string, flag: string, error: unknown) {
	const code = error instanceof Error && "code" in error ? error.code : undefined
	if (code === "ENOENT")
		return invalidInput(`${path} does not exist`, {
			tryMessage: `Check the path given to ${flag}.`,
			cause: error,
		})
	if (code === "ERR_STRING_TOO_LONG")
		return invalidInput(`${path} is larger than one file can be (512 MB)`, {
			tryMessage: "Dump kind by kind, or namespace by namespace, into a folder, and name the folder.",
			cause: error,
		})
	if (code === "EACCES") return invalidInput(`${path} cannot be read: permission denied`, {cause: error})
	return invalidInput(`${path} cannot be read: ${messageOf(error)}`, {cause: error})
}
