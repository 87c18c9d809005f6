// Writes the process's peak memory when it ends. Loaded before the program, with --import.
import {writeFileSync} from "node:fs"

process.on("exit", () => {
	const peakMiB = process.resourceUsage().maxRSS / 1024
	writeFileSync(process.env.HEDDLE_BENCH_REPORT, JSON.stringify({peakMiB}))
})
