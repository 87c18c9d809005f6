import {readFileSync} from "node:fs"
import {join} from "node:path"
import {root, sourceFiles} from "./source-files.ts"

/** A file is one thought. */
const most = 400

const long = sourceFiles().flatMap((path) => {
	const lines = readFileSync(join(root, path), "utf8").trimEnd().split("\n").length
	return lines > most ? [`${path} has ${lines} lines; split it into thoughts of at most ${most}`] : []
})
for (const line of long) console.error(line)
process.exitCode = long.length > 0 ? 1 : 0
