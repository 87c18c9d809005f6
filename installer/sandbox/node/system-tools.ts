import {execFile} from "node:child_process"
import {createHash} from "node:crypto"
import {chmod, mkdir, mkdtemp, readdir, rename, rm, writeFile} from "node:fs/promises"
import {join} from "node:path"
import {promisify} from "node:util"
import {isExecutable, onPath} from "../bin/version-probe.ts"
import {messageOf, SandboxError} from "../errors.ts"
import {cacheRoot} from "../paths.ts"
import {withLock} from "../proc/lock.ts"

const run = promisify(execFile)

/**
 * What cannot be built from Go modules without a C compiler. Found on PATH, else taken from Debian's packages, which
 * are unpacked into the user's cache and not installed. apt itself verifies them against the archive's signatures.
 */
export type SystemTool = {
	name: "runc" | "iptables" | "prometheus"
	/** The commands, all of which must be there. */
	commands: readonly string[]
	/** Debian's packages that hold them, with the libraries that a minimal system lacks. */
	packages: readonly string[]
	/** Under which name the command is found inside of those packages, where alternatives would have linked it. */
	file(command: string): string
}

const tables = (suffix: string) => ["iptables", "ip6tables"].map((family) => `${family}${suffix}`)

export const systemTools: readonly SystemTool[] = [
	{name: "runc", commands: ["runc"], packages: ["runc"], file: () => "usr/sbin/runc"},
	{
		name: "iptables",
		commands: ["", "-save", "-restore"].flatMap(tables),
		packages: [
			...["iptables", "libip4tc2", "libip6tc2", "libxtables12", "libmnl0", "libnftnl11"],
			...["libnetfilter-conntrack3", "libnfnetlink0"],
		],
		file: () => "usr/sbin/xtables-nft-multi",
	},
	{name: "prometheus", commands: ["prometheus"], packages: ["prometheus"], file: () => "usr/bin/prometheus"},
]

/** Where the commands of a tool are, and the folder of libraries that they need beside the system's own, if any. */
export type FoundTool = {
	tool: SystemTool
	commands: Record<string, string>
	/** The root of the unpacked packages. */
	root?: string
}

type Env = Record<string, string | undefined>

export async function findTool(tool: SystemTool, env: Env = process.env): Promise<FoundTool | undefined> {
	const paths = await Promise.all(
		tool.commands.map(async (command) => {
			const found = await onPath(command, `${env.PATH ?? ""}:/usr/sbin:/sbin`)
			return found === undefined ? [] : [[command, found] as const]
		}),
	)
	if (paths.every((path) => path.length > 0)) return {tool, commands: Object.fromEntries(paths.flat())}
	const root = cached(tool)
	return (await isExecutable(join(root, tool.file("")))) ? unpacked(tool, root) : undefined
}

/** Whether packages can be fetched here: then a missing tool is no obstacle. */
export async function canFetch(env: Env = process.env): Promise<boolean> {
	const needed = await Promise.all(["apt-get", "dpkg-deb"].map((command) => onPath(command, env.PATH)))
	return env.HEDDLE_OFFLINE !== "1" && needed.every((path) => path !== undefined)
}

/** @throws SandboxError that names the package to install. */
export async function obtainTool(tool: SystemTool, signal?: AbortSignal): Promise<FoundTool> {
	const found = await findTool(tool)
	if (found) return found
	const root = cached(tool)
	await mkdir(join(root, ".."), {recursive: true, mode: 0o700})
	return withLock(`${root}.lock`, {signal}, async () => {
		const meanwhile = await findTool(tool)
		if (meanwhile) return meanwhile
		try {
			await fetchPackages(tool, root, signal)
		} catch (cause) {
			signal?.throwIfAborted()
			throw new SandboxError(
				`${tool.name} is not installed, and its package could not be fetched: ${messageOf(cause)}`,
				`Install it (Debian: apt-get install ${tool.name}), or run \`apt-get update\` and try again.`,
				{cause},
			)
		}
		return unpacked(tool, root)
	})
}

async function fetchPackages({packages}: SystemTool, root: string, signal?: AbortSignal): Promise<void> {
	const work = await mkdtemp(`${root}.`)
	try {
		// apt drops its rights for downloads when it can; it may then need to write here.
		await chmod(work, 0o755)
		const options = {cwd: work, ...(signal && {signal})}
		await run("apt-get", ["download", "-q", ...packages], options)
		const files = (await readdir(work)).filter((name) => name.endsWith(".deb"))
		for (const file of files) await run("dpkg-deb", ["-x", file, "root"], options)
		await rename(join(work, "root"), root)
	} finally {
		await rm(work, {recursive: true, force: true})
	}
}

function cached({name, packages}: SystemTool): string {
	const key = createHash("sha256").update(packages.join(" ")).digest("hex").slice(0, 8)
	return join(cacheRoot(), "debian", `${name}-${process.arch}-${key}`)
}

function unpacked(tool: SystemTool, root: string): FoundTool {
	const commands = tool.commands.map((command) => [command, join(root, tool.file(command))])
	return {tool, commands: Object.fromEntries(commands), root}
}

/** Folders of shared libraries under the root of unpacked packages. */
export async function libraryFolders(root: string | undefined): Promise<string[]> {
	if (root === undefined) return []
	const names = await readdir(join(root, "usr/lib")).catch(() => [])
	return names.filter((name) => name.includes("-linux-")).map((name) => join(root, "usr/lib", name))
}

/** A script per command, under its own name: it brings the libraries, and the name by which a multi-call program acts. */
export async function linkTool({commands, root}: FoundTool, folder: string): Promise<void> {
	const [libraries] = await libraryFolders(root)
	const setting =
		libraries === undefined ? "" : `LD_LIBRARY_PATH='${libraries}' XTABLES_LIBDIR='${libraries}/xtables' `
	await Promise.all(
		Object.entries(commands).map(([command, path]) => {
			const act = path.endsWith("-multi") ? ` ${command}` : ""
			return writeFile(join(folder, command), `#!/bin/sh\n${setting}exec '${path}'${act} "$@"\n`, {
				mode: 0o755,
			})
		}),
	)
}
