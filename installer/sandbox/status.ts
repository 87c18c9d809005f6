import {layout} from "./layout.ts"
import {sandboxFolder} from "./paths.ts"
import {isRunning} from "./proc/process-id.ts"
import {serverOf, sizeOf} from "./session.ts"
import {type Mesh, readState, recordedNames, type Size} from "./state.ts"

export type SandboxStatus = {
	name: string
	/** `degraded`: some of its processes are gone, `up` repairs it; `unfinished`: its `up` runs now, or was cut short. */
	state: "absent" | "running" | "degraded" | "stopped" | "unfinished"
	folder: string
	kubeconfig?: string
	server?: string
	mesh?: Mesh
	size?: Size
	nodes?: number
	createdAt?: string
	versions?: Record<string, string>
	processes?: {name: string; pid: number; running: boolean; log: string}[]
}

/** From the records and the process table alone: it waits for nothing and changes nothing. */
export function status(name = "default"): SandboxStatus {
	const folder = sandboxFolder(name)
	const state = readState(folder)
	if (!state) return {name, state: "absent", folder}
	const at = layout(folder, state.mark)
	const processes = Object.entries(state.processes).map(([process, id]) => ({
		name: process,
		pid: id.pid,
		running: isRunning(id),
		log: at.log(process),
	}))
	const running = processes.filter((process) => process.running).length
	const overall = running === 0 ? "stopped" : running < processes.length ? "degraded" : "running"
	return {
		name,
		state: state.ready ? overall : "unfinished",
		folder,
		kubeconfig: at.kubeconfig,
		server: serverOf(state),
		mesh: state.mesh,
		size: sizeOf(state),
		nodes: state.nodes,
		createdAt: state.createdAt,
		versions: state.versions,
		processes,
	}
}

export function list(): SandboxStatus[] {
	return recordedNames().map(status)
}
