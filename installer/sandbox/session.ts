import {randomBytes} from "node:crypto"
import {existsSync, readFileSync} from "node:fs"
import type {BinaryName} from "./bin/catalogue.ts"
import type {Component} from "./control-plane/commands.ts"
import {adminToken} from "./credentials.ts"
import {SandboxError} from "./errors.ts"
import type {OnEvent} from "./events.ts"
import {createKube, type Kube} from "./kube/client.ts"
import {type Layout, layout} from "./layout.ts"
import {inside, type Place} from "./node/inside.ts"
import {isRunning} from "./proc/process-id.ts"
import {type Daemon, spawnDaemon} from "./proc/spawn.ts"
import {type Size, type State, writeState} from "./state.ts"

/** One sandbox while a command works on it (and holds its lock). */
export type Session = {
	state: State
	at: Layout
	onEvent: OnEvent
	signal?: AbortSignal | undefined
	/** Where each program is; filled before the first of them is started. */
	programs: Map<BinaryName, string>
}

export function newState({
	name,
	mesh,
	size = "kwok",
	nodes,
}: Pick<State, "name" | "mesh" | "size" | "nodes">): State {
	return {
		version: 1,
		name,
		mark: randomBytes(16).toString("hex"),
		mesh,
		size,
		nodes,
		createdAt: new Date().toISOString(),
		ready: false,
		ports: {},
		processes: {},
		versions: {},
	}
}

export function openSession(folder: string, state: State, onEvent: OnEvent, signal?: AbortSignal): Session {
	return {state, at: layout(folder, state.mark), onEvent, signal, programs: new Map()}
}

export const save = ({at, state}: Session): void => writeState(at.folder, state)

export const sizeOf = ({size = "kwok"}: State): Size => size

export function alive({state}: Session, name: string): boolean {
	const id = state.processes[name]
	return id !== undefined && isRunning(id)
}

export async function startComponent(
	session: Session,
	component: Component,
	env: Record<string, string> = {},
): Promise<void> {
	const command = session.programs.get(component.binary)
	if (!command) throw new Error(`${component.binary} was not resolved before its start`)
	const {name, place} = component
	const args = component.args({at: session.at, ports: session.state.ports, size: sizeOf(session.state)})
	await startProcess(session, {name, command, args, env, ...(place && {place})})
}

type What = Pick<Daemon, "name" | "command" | "args" | "env"> & {place?: Place}

/** The state (with the mark) is on disk before any process is: a process is never unknown, only not yet written down. */
export async function startProcess(session: Session, {place = "network", ...what}: What): Promise<void> {
	session.signal?.throwIfAborted()
	const {at, state} = session
	const where = state.init === undefined ? what : inside(state.init, place, what)
	state.processes[what.name] = await spawnDaemon({
		...what,
		...where,
		cwd: at.folder,
		log: at.log(what.name),
		mark: state.mark,
	})
	save(session)
}

/** An API server that is not bound to the loopback signs its own certificate for the name of it, not for the address. */
export const serverOf = ({ports, size}: State): string =>
	`https://${size === "node" ? "localhost" : "127.0.0.1"}:${ports.apiserver}`

export function kubeOf({at, state}: Pick<Session, "at" | "state">): Kube {
	return createKube({server: serverOf(state), ca: readFileSync(at.ca, "utf8"), token: adminToken(at)})
}

/** Throws as soon as a started process has ended, with the end of its log: no use waiting out a time limit then. */
export function checkAlive(session: Session): void {
	for (const name of Object.keys(session.state.processes)) {
		if (alive(session, name)) continue
		const log = session.at.log(name)
		throw new SandboxError(
			`${name} ended while the sandbox came up:\n    ${tail(log)}`,
			`Its whole output is in ${log}`,
		)
	}
}

function tail(path: string, lines = 12): string {
	if (!existsSync(path)) return "(no output)"
	return readFileSync(path, "utf8")
		.trim()
		.split("\n")
		.slice(-lines)
		.map((line) => line.slice(0, 400))
		.join("\n    ")
}
