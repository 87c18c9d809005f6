import {execFile} from "node:child_process"
import {readdir, realpath} from "node:fs/promises"
import {basename, join} from "node:path"
import {promisify} from "node:util"

const run = promisify(execFile)

/** One thing in an image. `path` is inside of it, without a leading slash. */
export type Entry =
	| {path: string; source: string; mode?: number}
	| {path: string; text: string; mode?: number}
	| {path: string; link: string}
	| {path: string; folder: true; mode?: number}

/**
 * The shared libraries of a program, and the loader, at the paths where the program looks for them. A static program
 * has none. `folders` are searched first, as LD_LIBRARY_PATH.
 */
async function librariesOf(program: string, folders: readonly string[] = []): Promise<Entry[]> {
	const env = {...process.env, LD_LIBRARY_PATH: folders.join(":")}
	const listed = await run("ldd", [program], {env}).catch(({stdout = "", stderr = ""}) => {
		if (`${stdout}${stderr}`.includes("not a dynamic executable")) return {stdout: ""}
		throw new Error(`ldd ${program}: ${stderr || stdout}`)
	})
	const missing = /(\S+) => not found/.exec(listed.stdout)
	if (missing) throw new Error(`${program} needs ${missing[1]}, which this system does not have`)
	const libraries = [...listed.stdout.matchAll(/^\s*(?:\S+ => )?(\/\S+) \(0x/gm)].map(([, path = ""]) => path)
	return Promise.all(
		libraries.map(async (path) => ({
			// What was found beside the program goes to where every loader looks.
			path: folders.some((folder) => path.startsWith(folder)) ? `usr/lib/${basename(path)}` : path.slice(1),
			source: await realpath(path),
			mode: 0o755,
		})),
	)
}

/** A program at `path`, with all that it needs to run. */
export async function program(
	path: string,
	source: string,
	folders: readonly string[] = [],
): Promise<Entry[]> {
	return [{path, source: await realpath(source), mode: 0o755}, ...(await librariesOf(source, folders))]
}

/** The files of one folder, without its sub-folders; a link becomes a copy of what it leads to. */
export async function filesOf(folder: string, path: string): Promise<Entry[]> {
	const found = await readdir(folder, {withFileTypes: true})
	return found
		.filter((entry) => !entry.isDirectory())
		.map(({name}) => ({path: join(path, name), source: join(folder, name), mode: 0o755}))
}
