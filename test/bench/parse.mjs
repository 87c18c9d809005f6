// What reading a dump costs at least: JSON.parse of the same bytes, in a process that does nothing else.
import {readdirSync, readFileSync} from "node:fs"
import {join} from "node:path"

const [folder] = process.argv.slice(2)
const kept = []
let parseMs = 0
for (const name of readdirSync(folder)) {
	const text = readFileSync(join(folder, name), "utf8")
	const began = performance.now()
	kept.push(JSON.parse(text))
	parseMs += performance.now() - began
}
console.log(JSON.stringify({parseMs, peakMiB: process.resourceUsage().maxRSS / 1024, documents: kept.length}))
