import {readdir, readFile, stat} from "node:fs/promises"
import {extname, join} from "node:path"
import {text} from "node:stream/consumers"
import {invalidInput, messageOf} from "../abort.ts"

/** What a path of `--from-files` or `--profile` stands for: a file's name and its text. */
export type TextFile = {readonly file: string; readonly text: string}

const extensions: ReadonlySet<string> = new Set([".yaml", ".yml", ".json"])

/**
 * Reads files as they are, folders with all below them in order of name, and `-` as standard input.
 * A file that is named is read whatever its extension; in folders .yaml, .yml and .json count.
 * @param flag the option that the paths came with, for messages
 * @throws AbortError when a path is missing, cannot be read, or a folder holds nothing to read
 */
export async function* readPaths(paths: readonly string[], flag: string): AsyncGenerator<TextFile> {
	const read = new Set<string>()
	for (const path of paths) {
		for (const file of path === "-" ? ["-"] : await filesOf(path, flag)) {
			if (read.has(file)) continue
			read.add(file)
			yield {file: file === "-" ? "<stdin>" : file, text: stripped(await readText(file))}
		}
	}
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
		.filter((entry) => !entry.isDirectory() && extensions.has(extname(entry.name)))
		.map((entry) => join(entry.parentPath, entry.name))
		.sort()
	if (files.length === 0) {
		throw invalidInput(`${path} holds no .yaml, .yml or .json file`, {
			tryMessage: `Name the folder or the file that holds the objects: ${flag} PATH.`,
		})
	}
	return files
}

async function readText(file: string): Promise<string> {
	try {
		return file === "-" ? await text(process.stdin) : await readFile(file, "utf8")
	} catch (error) {
		throw unreadable(file, "", error)
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
	if (code === "EACCES") return invalidInput(`${path} cannot be read: permission denied`, {cause: error})
	return invalidInput(`${path} cannot be read: ${messageOf(error)}`, {cause: error})
}
