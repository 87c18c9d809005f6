import {rmSync} from "node:fs"
import {SandboxError} from "./errors.ts"
import {type OnEvent, step} from "./events.ts"
import {layout} from "./layout.ts"
import {removeCgroups} from "./node/cgroups.ts"
import {lockOf, sandboxFolder} from "./paths.ts"
import {end, marked} from "./proc/end.ts"
import {withLock} from "./proc/lock.ts"
import {waitClosed} from "./proc/ports.ts"
import {isRunning} from "./proc/process-id.ts"
import {readState, type State} from "./state.ts"

/**
 * Ends every process that is recorded for a sandbox or carries its mark, and waits until its ports are free. A port
 * that stays open after its process is gone belongs to somebody else by now: no reason to complain.
 */
export async function endProcesses(state: State, graceMs = 0): Promise<void> {
	const ids = [...Object.values(state.processes), ...marked(state.mark)].filter(isRunning)
	await end(ids, graceMs)
	// A process that was being started while we looked.
	await end(marked(state.mark), 0)
	const left = ids.filter(isRunning).map(({pid}) => pid)
	if (left.length > 0) {
		throw new SandboxError(
			`process ${left.join(", ")} of sandbox ${state.name} cannot be ended`,
			"It may wait for a disk, or belong to another user. Try again, or end it by hand.",
		)
	}
	if (state.size === "node") await removeCgroups(state.mark)
	if (ids.length > 0) await waitClosed(Object.values(state.ports), 2000)
}

export type DownOptions = {signal?: AbortSignal; onEvent?: OnEvent}

/** Removes a sandbox and all that it left behind. False when there was none. */
export async function down(
	name = "default",
	{signal, onEvent = () => {}}: DownOptions = {},
): Promise<boolean> {
	const folder = sandboxFolder(name)
	return withLock(lockOf(name), {signal}, async () => {
		const state = readState(folder)
		if (state) {
			await step(onEvent, "down", `End sandbox ${name}`, () => endProcesses(state))
			rmSync(layout(folder, state.mark).sockets, {recursive: true, force: true})
		}
		rmSync(folder, {recursive: true, force: true})
		return state !== undefined
	})
}
