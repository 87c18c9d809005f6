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
export async function readPlaced(
	paths: readonly string[],
	flag: string,
	{say, lines = false}: Reading,
): Promise<Placed[]> {
	const placed: Placed[] = []
	for await (const file of readPaths(paths, flag)) {
		if (!isJson(file) && file.text.length > slowFrom) say(slow(file))
		for (const found of await parse(file, lines)) for (const one of objectsOf(found)) placed.push(one)
	}
	return placed
}

type Reading = {
	readonly say: (line: string) => void
	/** Also the lines of the items of JSON lists: a second look at the text, for reports that point at lines. */
	readonly lines?: boolean
}

/** Characters of YAML that take some seconds to parse. */
const slowFrom = 5_000_000

const slow = ({file, text}: TextFile) =>
	`· ${file} holds ${Math.round(text.length / 1e6)} MB of YAML, which takes a while to parse; a dump made with kubectl get -o json is read at once`

/** JSON is valid YAML too, but JSON.parse is a hundred times faster: what looks like JSON is read as JSON. */
const isJson = ({file, text}: TextFile) =>
	file.endsWith(".json") || (file === "<stdin>" && /^\s*[{[]/.test(text))

async function parse(file: TextFile, lines: boolean): Promise<Found[]> {
	if (file.text.trim() === "") return []
	if (isJson(file)) return parseJson(file.text, file.file, lines)
	return (await import("./yaml.ts")).parseYaml(file.text, file.file)
}
