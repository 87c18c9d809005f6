import {mkdir} from "node:fs/promises"
import {join} from "node:path"
import type {OnEvent} from "../events.ts"
import {cacheRoot} from "../paths.ts"
import {withLock} from "../proc/lock.ts"
import type {Binary} from "./catalogue.ts"
import {download} from "./download.ts"
import {estimateMs, learn} from "./durations.ts"
import {explicitPath} from "./explicit.ts"
import {goBuild} from "./go-build.ts"
import {manifestHash} from "./manifest.ts"
import {goArch, releaseOf} from "./releases.ts"
import {accepts, isExecutable, onPath, probe} from "./version-probe.ts"

type Source = "explicit" | "path" | "cache" | "download" | "build"
export type Resolved = {name: string; path: string; source: Source; version: string}

export type ResolveOptions = {
	onEvent: OnEvent
	signal?: AbortSignal | undefined
	env?: NodeJS.ProcessEnv
	/** Replaced in tests, where no compiler shall run. */
	build?: typeof goBuild
	fetchRelease?: typeof download
}

/** Where a program comes from, in the order in which a person would want it: mine, installed, had, fetched, built. */
export async function resolve(binary: Binary, options: ResolveOptions): Promise<Resolved> {
	return (await find(binary, options)) ?? (await obtain(binary, options, options.env ?? process.env))
}

/** A program that is there already: mine, installed, or had; undefined when it has to be fetched or built. */
export async function find(binary: Binary, options: ResolveOptions): Promise<Resolved | undefined> {
	const env = options.env ?? process.env
	const found = (path: string, source: Source, version = binary.version): Resolved => ({
		name: binary.name,
		path,
		source,
		version,
	})
	const explicit = await explicitPath(binary.name, env)
	if (explicit) return found(explicit, "explicit", (await probe(explicit, binary.versionArgs)) ?? "unknown")
	const installed = await installedPath(binary, options, env)
	if (installed) return found(installed.path, "path", installed.version)
	const cached = await cachedPath(binary, env)
	return cached ? found(cached, "cache") : undefined
}

async function installedPath(binary: Binary, {onEvent}: ResolveOptions, env: NodeJS.ProcessEnv) {
	const path = await onPath(binary.name, env.PATH)
	if (!path) return undefined
	const version = await probe(path, binary.versionArgs)
	if (version && accepts(binary, version)) return {path, version}
	const note = `${path} is ${version ?? "of unknown version"}, ${binary.accept} is needed: passed over`
	onEvent({type: "step", id: `bin-${binary.name}`, title: `Find ${binary.name}`, state: "progress", note})
	return undefined
}

export function cacheNames(binary: Binary): {downloaded: string; built: string} {
	const stem = `${binary.name}-${binary.version}-${process.platform}-${goArch()}`
	return {downloaded: stem, built: `${stem}-${manifestHash(binary)}`}
}

export const binaryCache = (env: NodeJS.ProcessEnv): string => join(cacheRoot(env), "bin")

async function cachedPath(binary: Binary, env: NodeJS.ProcessEnv): Promise<string | undefined> {
	const {downloaded, built} = cacheNames(binary)
	for (const name of [downloaded, built]) {
		const path = join(binaryCache(env), name)
		if (await isExecutable(path)) return path
	}
	return undefined
}

/** Downloads or builds, once for all who want it now: the others wait at the lock and then find it in the cache. */
async function obtain(binary: Binary, options: ResolveOptions, env: NodeJS.ProcessEnv): Promise<Resolved> {
	const cache = binaryCache(env)
	await mkdir(cache, {recursive: true, mode: 0o700})
	const id = `bin-${binary.name}`
	const began = performance.now()
	const say = (state: "started" | "progress" | "done" | "failed", title: string, detail: object = {}) =>
		options.onEvent({
			type: "step",
			id,
			title,
			state,
			elapsedMs: Math.round(performance.now() - began),
			...detail,
		})
	const title = `Get ${binary.name} ${binary.version}`
	const onWait = (holder: number | undefined) =>
		say("progress", title, {note: `process ${holder ?? "?"} is at it: waiting`})
	say("started", title)
	try {
		return await withLock(
			join(cache, `${binary.name}.lock`),
			{signal: options.signal, onWait, pollMs: 500},
			async () => {
				const cached = await cachedPath(binary, env)
				const source: Source = cached
					? "cache"
					: await make(binary, options, env, (detail) => say("progress", title, detail))
				const path = cached ?? (await cachedPath(binary, env))
				if (!path) throw new Error(`${binary.name} is not in the cache after it was made`)
				say("done", title, {
					note:
						source === "build" ? "built" : source === "download" ? "downloaded" : "made by another process",
				})
				return {name: binary.name, path, source, version: binary.version}
			},
		)
	} catch (error) {
		say("failed", title, {note: error instanceof Error ? error.message : String(error)})
		throw error
	}
}

type Say = (detail: {note?: string; estimateMs?: number; fraction?: number}) => void

async function make(
	binary: Binary,
	options: ResolveOptions,
	env: NodeJS.ProcessEnv,
	say: Say,
): Promise<Source> {
	const cache = binaryCache(env)
	const release = releaseOf(binary)
	if (release) {
		say({note: `downloading from ${new URL(release.url).host}`})
		const fetchRelease = options.fetchRelease ?? download
		const target = join(cache, cacheNames(binary).downloaded)
		const refused = await fetchRelease(release, target, {signal: options.signal, env})
		if (!refused) return "download"
		say({note: `not downloaded (${refused}): building instead`})
	}
	const expected = estimateMs(binary, cache)
	const began = performance.now()
	const tell = () => {
		const elapsed = performance.now() - began
		// It never claims to be finished: an estimate that ran out stays just below.
		say({note: "compiling", estimateMs: expected, fraction: Math.min(0.99, elapsed / expected)})
	}
	tell()
	const ticker = setInterval(tell, 2000)
	try {
		await (options.build ?? goBuild)(binary, join(cache, cacheNames(binary).built), options.signal)
	} finally {
		clearInterval(ticker)
	}
	learn(binary, cache, performance.now() - began)
	return "build"
}
