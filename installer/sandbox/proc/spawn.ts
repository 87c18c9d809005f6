import {spawn} from "node:child_process"
import {closeSync, openSync} from "node:fs"
import {SandboxError} from "../errors.ts"
import {type ProcessId, processId} from "./process-id.ts"

/** Every process of a sandbox carries this in its environment: the mark by which leftovers are found. */
export const markVariable = "HEDDLE_SANDBOX_MARK"

export type Daemon = {
	name: string
	command: string
	args: readonly string[]
	env?: Record<string, string>
	cwd: string
	log: string
	mark: string
}

/** Starts a process that outlives this one, its output in a file. Resolves once the system has started it. */
export function spawnDaemon(daemon: Daemon): Promise<ProcessId> {
	const log = openSync(daemon.log, "a", 0o600)
	const child = spawn(daemon.command, daemon.args, {
		cwd: daemon.cwd,
		detached: true,
		stdio: ["ignore", log, log],
		env: {...inherited(), ...daemon.env, [markVariable]: daemon.mark},
	})
	closeSync(log)
	child.unref()
	return new Promise((resolve, reject) => {
		child.once("error", (cause) =>
			reject(
				new SandboxError(
					`cannot start ${daemon.name}: ${cause.message}`,
					`Is ${daemon.command} executable?`,
					{cause},
				),
			),
		)
		child.once("spawn", () => {
			const id = child.pid === undefined ? undefined : processId(child.pid)
			if (id) resolve(id)
			else reject(new SandboxError(`${daemon.name} ended at once`, `Its output is in ${daemon.log}`))
		})
	})
}

/** Only what a daemon needs: a proxy or a KUBECONFIG of the caller's shell must not steer a sandbox. */
function inherited(): Record<string, string> {
	const keep = ["PATH", "HOME", "TMPDIR", "LANG", "TZ", "USER", "GOGC", "GOMEMLIMIT"]
	return Object.fromEntries(
		keep.flatMap((key) => (process.env[key] === undefined ? [] : [[key, process.env[key]]])),
	)
}
