/*
 * Loaded into a measured process before its program (`node --import`). Writes how much memory it took at most and for
 * how long it blocked the event loop at most, from its first request for pods on: loading code blocks too, but that
 * is the start of a process and not the filling of a cache.
 */
import {subscribe} from "node:diagnostics_channel"
import {writeFileSync} from "node:fs"
import {monitorEventLoopDelay} from "node:perf_hooks"

const resolution = 5
const delay = monitorEventLoopDelay({resolution})
delay.enable()
let since = 0

subscribe("undici:request:create", ({request}) => {
	if (since > 0 || !/\/pods(\?|$)/.test(request.path)) return
	since = performance.now()
	delay.reset()
})

function write() {
	const report = {
		since,
		blockMs: since > 0 ? Math.max(0, delay.max / 1e6 - resolution) : 0,
		peakMiB: process.resourceUsage().maxRSS / 1024,
		settledMiB: process.memoryUsage.rss() / 1024 / 1024,
	}
	writeFileSync(process.env.HEDDLE_BENCH_REPORT, JSON.stringify(report))
}

setInterval(write, 250).unref()
process.on("exit", write)
