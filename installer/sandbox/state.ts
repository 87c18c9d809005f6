import {mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync} from "node:fs"
import {join} from "node:path"
import {codeOf, SandboxError} from "./errors.ts"
import type {AdditionName} from "./node/addition.ts"
import {sandboxRoot} from "./paths.ts"
import type {ProcessId} from "./proc/process-id.ts"

export type Mesh = "none" | "istio"

/** `kwok`: simulated nodes, no root. `node`: one real node on Linux as root, which runs pods and carries traffic. */
export type Size = "kwok" | "node"

export type PortName =
	| "apiserver"
	| "istiodHttps"
	| "istiodHttp"
	| "istiodGrpc"
	| "istiodSecureGrpc"
	| "istiodMonitoring"
	| "operatorHealth"
	| "prometheus"

/** Everything that a later command must know to use, repair or end a sandbox. Never holds a credential. */
export type State = {
	version: 1
	name: string
	/** Carried by every process of this sandbox in its environment. */
	mark: string
	mesh: Mesh
	/** Absent in the records of older versions: `kwok`. */
	size?: Size
	/** What a real node was made with beyond the rest; absent until that was looked for. */
	additions?: AdditionName[]
	/** The process 1 of a real node, as the host counts. */
	init?: number
	nodes: number
	/** Heddle's own operator is part of it. */
	operator?: boolean
	createdAt: string
	ready: boolean
	ports: Partial<Record<PortName, number>>
	processes: Record<string, ProcessId>
	versions: Record<string, string>
}

const file = (folder: string) => join(folder, "state.json")

export function readState(folder: string): State | undefined {
	let text: string
	try {
		text = readFileSync(file(folder), "utf8")
	} catch (error) {
		if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return undefined
		throw error
	}
	try {
		const state: State = JSON.parse(text)
		if (state.version === 1) return state
	} catch {
		// reported below, with what to do
	}
	throw new SandboxError(
		`${file(folder)} is no state file of this version of Heddle`,
		"End its processes by hand if any are left, and delete the folder.",
	)
}

/** Written aside and renamed: a reader, or a later command after a crash here, sees the old or the new state, whole. */
export function writeState(folder: string, state: State): void {
	mkdirSync(folder, {recursive: true, mode: 0o700})
	const aside = `${file(folder)}.${process.pid}`
	writeFileSync(aside, JSON.stringify(state, null, "\t"), {mode: 0o600})
	renameSync(aside, file(folder))
}

export function recordedNames(root: string = sandboxRoot()): string[] {
	try {
		return readdirSync(root, {withFileTypes: true})
			.filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
			.map((entry) => entry.name)
			.sort()
	} catch (error) {
		if (codeOf(error) === "ENOENT") return []
		throw error
	}
}
