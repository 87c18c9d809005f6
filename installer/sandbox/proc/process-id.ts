import {execFileSync} from "node:child_process"
import {readFileSync} from "node:fs"

/** A pid alone is recycled by the system; together with its start time it names one process for ever. */
export type ProcessId = {pid: number; start: string}

/** The process' start time as the system tells it, or undefined when no such process runs (a zombie does not run). */
function startTimeOf(pid: number): string | undefined {
	return process.platform === "linux" ? startFromProc(pid) : startFromPs(pid)
}

function startFromProc(pid: number): string | undefined {
	try {
		// The command name in field 2 may itself hold spaces and brackets: count from the last bracket.
		const stat = readFileSync(`/proc/${pid}/stat`, "utf8")
		const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
		return fields[0] === "Z" || fields[0] === "X" ? undefined : fields[19]
	} catch {
		return undefined
	}
}

function startFromPs(pid: number): string | undefined {
	try {
		const line = execFileSync("ps", ["-o", "state=,lstart=", "-p", String(pid)], {encoding: "utf8"}).trim()
		return line.startsWith("Z") ? undefined : line.replace(/^\S+\s+/, "")
	} catch {
		return undefined
	}
}

export function processId(pid: number): ProcessId | undefined {
	const start = startTimeOf(pid)
	return start === undefined ? undefined : {pid, start}
}

export function isRunning(id: ProcessId): boolean {
	return startTimeOf(id.pid) === id.start
}
