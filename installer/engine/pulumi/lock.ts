import {hostname} from "node:os"
import {setTimeout as sleep} from "node:timers/promises"
import {ConcurrentUpdateError, type Stack} from "@pulumi/pulumi/automation/index.js"
import type {OnInstallEvent} from "../events.ts"

type Waiting = {
	readonly patienceMs: number
	readonly signal: AbortSignal
	readonly tell: OnInstallEvent
}

const everyMs = 2_000

/**
 * Runs an operation, and waits while another update of the stack is under way. A lock of a process of this machine that
 * is no more, as after a kill -9, is taken off. @throws ConcurrentUpdateError when it takes longer than is waited
 */
export async function freed(stack: Stack, waiting: Waiting, operation: () => Promise<void>): Promise<void> {
	const {patienceMs, signal, tell} = waiting
	const until = performance.now() + patienceMs
	for (;;) {
		try {
			return await operation()
		} catch (error) {
			if (!(error instanceof ConcurrentUpdateError)) throw error
			if (isOrphaned(error.message)) {
				tell({
					type: "log",
					level: "warning",
					text: "the stack was locked by a process that is gone: unlocked",
					source: "pulumi",
				})
				await stack.cancel()
				continue
			}
			if (performance.now() > until) throw error
			tell({
				type: "step",
				id: "lock",
				title: "Wait for another update of the same stack",
				state: "progress",
				note: holderIn(error.message) ?? "",
			})
			await sleep(everyMs, undefined, {signal})
		}
	}
}

/** A local backend says who holds its lock: `created by user@host (pid 123) at …`. */
export function isOrphaned(message: string, here = hostname(), runs = isRunning): boolean {
	const holders = [...message.matchAll(/created by \S+@(\S+) \(pid (\d+)\)/g)]
	return holders.length > 0 && holders.every(([, host, pid]) => host === here && !runs(Number(pid)))
}

/** Who holds it, in the backend's words. */
export function holderIn(message: string): string | undefined {
	return /created by [^\n]+/.exec(message)?.[0].trim()
}

function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0)
		return true
	} catch (error) {
		return error instanceof Error && "code" in error && error.code === "EPERM"
	}
}
