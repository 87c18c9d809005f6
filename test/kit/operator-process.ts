import {type ChildProcess, spawn} from "node:child_process"
import {once} from "node:events"
import {freePorts} from "../../installer/sandbox/proc/ports.ts"
import {entry, withoutColour} from "./entry.ts"
import {waitFor} from "./wait.ts"

export type OperatorOptions = {
	/** The namespace of the Lease: operators of different tests never wait for each other. */
	readonly namespace: string
	readonly args?: readonly string[]
	readonly kubeconfig: string
	/** What Node itself gets, before the program. */
	readonly nodeArgs?: readonly string[]
	readonly env?: Readonly<Record<string, string>>
}

/** `heddle operator` as its own process, outside of the cluster. */
export type RunningOperator = {
	readonly pid: number
	readonly health: string
	readonly metrics: string
	/** All that it wrote so far. */
	log(): string
	/** Waits until it leads and has seen the cluster. */
	ready(): Promise<void>
	/** SIGTERM; resolves with its exit code. */
	stop(): Promise<number | null>
	/** SIGKILL, as an out-of-memory killer does it. */
	kill(): Promise<void>
}

export async function spawnOperator(options: OperatorOptions): Promise<RunningOperator> {
	const {namespace, args = [], kubeconfig, nodeArgs = [], env = {}} = options
	const [port] = await freePorts(1)
	const health = `127.0.0.1:${port}`
	const flags = ["--leader-elect", "--namespace", namespace, "--health-address", health]
	const child = spawn(
		process.execPath,
		[...nodeArgs, entry, "operator", "--kubeconfig", kubeconfig, ...flags, ...args],
		{
			env: {...withoutColour(process.env), ...env},
			stdio: ["ignore", "pipe", "pipe"],
		},
	)
	let log = ""
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding("utf8").on("data", (chunk: string) => (log += chunk))
	}
	return {
		pid: child.pid ?? 0,
		health: `http://${health}`,
		metrics: `http://${health}/metrics`,
		log: () => log,
		ready: () => ready(child, `http://${health}/readyz`, () => log),
		stop: async () => {
			await ended(child, "SIGTERM")
			return child.exitCode
		},
		kill: () => ended(child, "SIGKILL"),
	}
}

async function ready(child: ChildProcess, url: string, log: () => string): Promise<void> {
	await waitFor(
		`the operator to be ready at ${url}`,
		async () => {
			if (child.exitCode !== null) return {exit: child.exitCode, log: log().slice(-2_000)}
			const {status} = await fetch(url)
			return {status, log: log().slice(-2_000)}
		},
		(seen) => "exit" in seen || seen.status === 200,
		{timeoutMs: 40_000},
	)
	if (child.exitCode !== null)
		throw new Error(`the operator ended with code ${child.exitCode}:\n${log().slice(-4_000)}`)
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return
	const exit = once(child, "exit")
	child.kill(signal)
	await exit
}
