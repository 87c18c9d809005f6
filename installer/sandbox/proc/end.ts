import {readdirSync, readFileSync} from "node:fs"
import {setTimeout as sleep} from "node:timers/promises"
import {codeOf} from "../errors.ts"
import {isRunning, type ProcessId, processId} from "./process-id.ts"
import {markVariable} from "./spawn.ts"

/**
 * Ends exactly these processes: asks, waits `graceMs`, then kills. A pid that meanwhile belongs to another process
 * is left alone. kube-apiserver waits a minute for open watches when asked, hence the short patience.
 */
export async function end(ids: readonly ProcessId[], graceMs: number): Promise<void> {
	if (graceMs > 0) {
		for (const id of ids) signal(id, "SIGTERM")
		await gone(ids, graceMs)
	}
	for (const id of ids) signal(id, "SIGKILL")
	await gone(ids, 5000)
}

async function gone(ids: readonly ProcessId[], timeoutMs: number): Promise<void> {
	const until = Date.now() + timeoutMs
	while (ids.some(isRunning) && Date.now() < until) await sleep(20)
}

function signal(id: ProcessId, name: "SIGTERM" | "SIGKILL"): void {
	if (!isRunning(id)) return
	try {
		process.kill(id.pid, name)
	} catch (error) {
		if (codeOf(error) !== "ESRCH") throw error
	}
}

/**
 * Processes that carry a sandbox' mark. This closes the one gap that recorded pids leave open: a creator killed
 * between starting a process and writing its pid down. Only Linux lets us look; elsewhere the record must do.
 */
export function marked(mark: string): ProcessId[] {
	if (process.platform !== "linux") return []
	const wanted = `${markVariable}=${mark}`
	return readdirSync("/proc")
		.filter((entry) => /^\d+$/.test(entry) && environment(entry).includes(wanted))
		.flatMap((entry) => processId(Number(entry)) ?? [])
}

function environment(pid: string): string[] {
	try {
		return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0")
	} catch {
		return [] // another user's process, or gone by now
	}
}
