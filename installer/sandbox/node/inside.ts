import {readdirSync, readFileSync} from "node:fs"

/**
 * Where a process of a sandbox runs. `network`: on the host, but in the node's network namespace, so that it and the
 * pods reach each other. `node`: in all of the node's namespaces, so that it ends with the node.
 */
export type Place = "host" | "network" | "node"

export type Command = {command: string; args: readonly string[]}

/** Pure. `init` is the pid of the node's process 1, as the host sees it. */
export function inside(init: number, place: Place, {command, args}: Command): Command {
	if (place === "host") return {command, args}
	const spaces =
		place === "network"
			? [`--net=/proc/${init}/ns/net`]
			: ["--target", String(init), "--mount", "--uts", "--ipc", "--net", "--pid"]
	return {command: "nsenter", args: [...spaces, "--", command, ...args]}
}

/** Namespaces of its own, all of which end when this command ends, however it ends. */
export function outside({command, args}: Command): Command {
	const spaces = ["--net", "--mount", "--pid", "--uts", "--ipc", "--fork", "--kill-child=SIGKILL"]
	return {command: "unshare", args: [...spaces, "--", command, ...args]}
}

/** The only child of a process. */
export function childOf(parent: number): number | undefined {
	for (const entry of readdirSync("/proc")) {
		if (/^\d+$/.test(entry) && parentOf(entry) === parent) return Number(entry)
	}
	return undefined
}

function parentOf(pid: string): number | undefined {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, "utf8")
		return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1])
	} catch {
		return undefined // gone by now
	}
}
