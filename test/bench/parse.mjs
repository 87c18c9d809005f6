// What reading a dump costs at least: JSON.parse of the same bytes, in a process that does nothing else.
import {readdirSync, readFileSync} from "node:fs"
import {join} from "node:path"

const [folder] = process.argv.slice(2)
const kept = []
let parseMs = 0
let parseCpuMs = 0
for (const name of readdirSync(folder)) {
	const text = readFileSync(join(folder, name), "utf8")
	const [began, used] = [performance.now(), process.cpuUsage()]
	kept.push(JSON.parse(text))
	parseMs += performance.now() - began
	const {user, system} = process.cpuUsage(used)
	parseCpuMs += (user + system) / 1e3
}
const peakMiB = process.resourceUsage().maxRSS / 1024
console.log(JSON.stringify({parseMs, parseCpuMs, peakMiB, documents: kept.length}))
