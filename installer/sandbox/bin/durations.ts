import {mkdirSync, readFileSync, renameSync, writeFileSync} from "node:fs"
import {availableParallelism} from "node:os"
import {dirname, join} from "node:path"
import type {Binary} from "./catalogue.ts"

/** How long builds took on this machine before: a better estimate than any table. */
const path = (cache: string) => join(cache, "durations.json")

function learned(cache: string): Record<string, number> {
	try {
		return JSON.parse(readFileSync(path(cache), "utf8"))
	} catch {
		return {}
	}
}

/** The table was measured on two cores. Linking does not spread, so more cores help less and less. */
export function estimateMs(binary: Binary, cache: string, cores = availableParallelism()): number {
	const seconds = learned(cache)[binary.name] ?? binary.baselineSeconds * (2 / cores) ** 0.8
	return Math.round(seconds * 1000)
}

/** Only builds that compiled something teach: one that found everything in Go's own cache would mislead. */
export function learn(binary: Binary, cache: string, ms: number): void {
	if (ms < binary.baselineSeconds * 1000 * 0.05) return
	mkdirSync(dirname(path(cache)), {recursive: true})
	const next = {...learned(cache), [binary.name]: Math.round(ms / 1000)}
	const aside = `${path(cache)}.${process.pid}`
	writeFileSync(aside, JSON.stringify(next, null, "\t"))
	renameSync(aside, path(cache))
}
