import {execFile} from "node:child_process"
import {fileURLToPath} from "node:url"
import {promisify} from "node:util"

const main = fileURLToPath(new URL("../../examples/wasm/main.ts", import.meta.url))

/** Builds the example modules into a folder. Returns what was said about those that cannot be built here. */
export async function buildExamples(folder: string): Promise<string> {
	const {stderr} = await promisify(execFile)(process.execPath, [main, "--out", folder])
	return stderr.trim()
}
