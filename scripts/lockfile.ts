import {readFileSync, writeFileSync} from "node:fs"
import {resolve} from "node:path"
import {platformOf} from "./platform-of.ts"

/**
 * Keeps package-lock.json installable everywhere: no download addresses (each machine has its own registry), and
 * every optional package of every platform listed. npm drops those that it could not see on the machine that wrote
 * the lock (npm/cli#4828), and then `npm ci` refuses the lock everywhere else. Scripts that packages run when they
 * are installed are reviewed by name, as npm's own policy wants it.
 */
type Entry = {
	version?: string
	resolved?: string
	integrity?: string
	link?: boolean
	hasInstallScript?: boolean
	dev?: boolean
	optional?: boolean
	os?: string[]
	cpu?: string[]
	libc?: string[]
	optionalDependencies?: Record<string, string>
}
export type Lock = {packages: Record<string, Entry>}

/** What is wrong with the lock, one sentence each. */
export function problemsOf(lock: Lock, reviewed: ReadonlySet<string>): string[] {
	const addresses = Object.entries(lock.packages)
		.filter(([, entry]) => entry.resolved !== undefined && !entry.link)
		.map(([path]) => `${path} holds a download address`)
	const missing = missingOptional(lock).map(({path}) => `${path} is optional, but not in the lock`)
	const scripts = Object.entries(lock.packages)
		.filter(([path, entry]) => entry.hasInstallScript && !reviewed.has(nameOf(path)))
		.map(([path]) => `${path} runs a script when installed; allow or deny it in package.json's allowScripts`)
	return [...addresses, ...missing, ...scripts]
}

/** The same lock without the problems. Throws when a missing package cannot be described from its name. */
export function repaired(lock: Lock): Lock {
	const packages = Object.fromEntries(
		Object.entries(lock.packages).map(([path, entry]) => {
			const {resolved, ...rest} = entry
			return [path, entry.link ? entry : rest]
		}),
	)
	for (const {path, name, version, dev} of missingOptional(lock)) {
		const {os, cpu, libc} = platformOf(name)
		packages[path] = {version, cpu, ...(dev ? {dev} : {}), ...(libc ? {libc} : {}), optional: true, os}
	}
	return {...lock, packages: inOrder(packages)}
}

const nameOf = (path: string) => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length)

type Missing = {path: string; name: string; version: string; dev: boolean}

function missingOptional(lock: Lock): Missing[] {
	return Object.entries(lock.packages).flatMap(([parent, entry]) =>
		Object.entries(entry.optionalDependencies ?? {})
			.filter(([name]) => !isReachable(lock, parent, name))
			.map(([name, version]) => ({path: `node_modules/${name}`, name, version, dev: entry.dev === true})),
	)
}

/** npm resolves a dependency like Node does: in the nearest node_modules, outwards. */
function isReachable(lock: Lock, parent: string, name: string): boolean {
	for (
		let folder = parent;
		;
		folder = folder.slice(0, Math.max(0, folder.lastIndexOf("node_modules/") - 1))
	) {
		if (lock.packages[folder === "" ? `node_modules/${name}` : `${folder}/node_modules/${name}`]) return true
		if (folder === "") return false
	}
}

function inOrder(packages: Record<string, Entry>): Record<string, Entry> {
	return Object.fromEntries(Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, "en")))
}

if (import.meta.main) {
	const path = resolve(import.meta.dirname, "../package-lock.json")
	if (process.argv.includes("--fix")) {
		writeFileSync(path, `${JSON.stringify(repaired(JSON.parse(readFileSync(path, "utf8"))), null, "\t")}\n`)
	}
	const {allowScripts = {}} = JSON.parse(
		readFileSync(resolve(import.meta.dirname, "../package.json"), "utf8"),
	)
	const problems = problemsOf(JSON.parse(readFileSync(path, "utf8")), new Set(Object.keys(allowScripts)))
	if (problems.length > 0) {
		console.error(`package-lock.json:\n  ${problems.join("\n  ")}\nRun \`npm run lockfile\`.`)
		process.exitCode = 1
	}
}
