import {existsSync, mkdirSync, readdirSync, rmdirSync, writeFileSync} from "node:fs"
import {join} from "node:path"
import {setTimeout as sleep} from "node:timers/promises"
import {codeOf} from "../errors.ts"

const root = "/sys/fs/cgroup"

/** The one cgroup under which a node keeps all of its pods: named by the sandbox' mark, so that nobody shares it. */
export const cgroupOf = (mark: string): string => `heddle-${mark.slice(0, 12)}`

export const isUnified = (): boolean => existsSync(join(root, "cgroup.controllers"))

/** With version 1 every controller has a hierarchy of its own; links among them (`cpu` to `cpu,cpuacct`) do no harm. */
function hierarchies(): string[] {
	if (isUnified()) return [root]
	return readdirSync(root, {withFileTypes: true})
		.filter((entry) => entry.isDirectory())
		.map(({name}) => join(root, name))
}

/**
 * All pods together count as this one cgroup, which by default weighs as much as a single process beside it: on a busy
 * machine they would starve. It gets the weight of sixteen.
 */
const weights = [
	{file: "cpu.shares", weight: "16384"},
	{file: "cpu.weight", weight: "1600"},
]

export function createCgroups(mark: string): void {
	for (const hierarchy of hierarchies()) {
		const path = join(hierarchy, cgroupOf(mark))
		mkdirSync(path, {recursive: true})
		for (const {file, weight} of weights) {
			if (existsSync(join(path, file))) writeFileSync(join(path, file), weight)
		}
	}
}

/** Removes what a node left there. Its processes are gone, or going: a cgroup is busy until the last has been reaped. */
export async function removeCgroups(mark: string, timeoutMs = 5000): Promise<void> {
	const until = Date.now() + timeoutMs
	for (const hierarchy of existsSync(root) ? hierarchies() : []) {
		const path = join(hierarchy, cgroupOf(mark))
		while (existsSync(path) && !removeTree(path)) {
			if (Date.now() > until) throw new Error(`the cgroup ${path} is still in use`)
			await sleep(50)
		}
	}
}

/** Folders only: the files in them are the kernel's, and go with them. False while something is busy. */
function removeTree(path: string): boolean {
	try {
		for (const entry of readdirSync(path, {withFileTypes: true})) {
			if (entry.isDirectory() && !removeTree(join(path, entry.name))) return false
		}
		rmdirSync(path)
		return true
	} catch (error) {
		if (codeOf(error) === "ENOENT") return true
		if (codeOf(error) === "EBUSY" || codeOf(error) === "ENOTEMPTY") return false
		throw error
	}
}
