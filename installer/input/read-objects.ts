import type {TextFile} from "./files.ts"
import {readPaths} from "./files.ts"
import {parseJson} from "./json.ts"
import type {Placed} from "./objects.ts"
import {objectsOf} from "./objects.ts"
import type {Found} from "./source.ts"

/**
 * All objects of files, folders and standard input, as often as they stand there.
 * @throws AbortError, exit code 2, naming file, line and fix
 */
export async function readPlaced(paths: readonly string[], flag: string): Promise<Placed[]> {
	const placed: Placed[] = []
	for await (const file of readPaths(paths, flag)) {
		for (const found of await parse(file)) for (const one of objectsOf(found)) placed.push(one)
	}
	return placed
}

/** JSON is valid YAML too, but JSON.parse is a hundred times faster: what looks like JSON is read as JSON. */
async function parse({file, text}: TextFile): Promise<Found[]> {
	if (text.trim() === "") return []
	const json = file.endsWith(".json") || (file === "<stdin>" && /^\s*[{[]/.test(text))
	if (json) return parseJson(text, file)
	return (await import("./yaml.ts")).parseYaml(text, file)
}
