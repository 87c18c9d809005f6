// Writes the process's peak memory and its processor time when it ends. Loaded before the program, with --import.
import {writeFileSync} from "node:fs"

process.on("exit", () => {
	const {maxRSS, userCPUTime, systemCPUTime} = process.resourceUsage()
	const report = {peakMiB: maxRSS / 1024, cpuMs: (userCPUTime + systemCPUTime) / 1e3}
	writeFileSync(process.env.HEDDLE_BENCH_REPORT, JSON.stringify(report))
})
