import {mkdir} from "node:fs/promises"
import {resolve} from "node:path"
import {parseArgs} from "node:util"
import asc from "assemblyscript/asc"
import {buildRust, whyNoRust} from "./rust.ts"

/** Builds the modules into a folder, `dist` beside this file when none is given: `node main.ts --out FOLDER`. */
const {values} = parseArgs({options: {out: {type: "string"}}})
const out = resolve(values.out ?? resolve(import.meta.dirname, "dist"))

await mkdir(out, {recursive: true})
for (const name of ["header-audit", "token-check"]) await buildAssembly(name)
const reason = await whyNoRust()
if (reason !== undefined) console.error(`token-check-rust is not built: ${reason}`)
else {
	const target = resolve(out, "token-check-rust.wasm")
	await buildRust(target)
	console.log(target)
}

async function buildAssembly(name: string): Promise<void> {
	const {error, stderr} = await asc.main([
		`${name}.ts`,
		...["--baseDir", resolve(import.meta.dirname, "assembly")],
		...["--outFile", resolve(out, `${name}.wasm`)],
		...["--optimizeLevel", "3", "--shrinkLevel", "1", "--converge", "--noAssert"],
		// Hosts call it once they can answer; a start function would run before.
		...["--exportStart", "_initialize"],
		// Freed as requests come and go: a proxy lives for months.
		...["--runtime", "incremental"],
		...["--use", "abort=host/abort"],
		// Offered by every engine that hosts have, also by the older ones.
		...["--disable", "bulk-memory"],
	])
	if (error !== null) throw new Error(`${name}: ${error.message}\n${stderr.toString()}`)
	console.log(resolve(out, `${name}.wasm`))
}
