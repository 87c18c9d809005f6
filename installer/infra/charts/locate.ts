import {mkdir} from "node:fs/promises"
import {join} from "node:path"
import {messageOf} from "../../sandbox/errors.ts"
import {cacheRoot} from "../../sandbox/paths.ts"
import {archiveName} from "./archive.ts"
import type {Chart} from "./chart.ts"
import {tagOf} from "./chart.ts"
import {exists, inFolder} from "./chart-folder.ts"
import {moduleWith} from "./chart-modules.ts"
import {fromModule} from "./from-module.ts"
import {helm} from "./helm.ts"
import {SourceError} from "./source-error.ts"

/**
 * Where a chart is, as a path for Helm: in the folder that was named, in the cache, or fetched from its publisher.
 * @throws SourceError naming the chart, where it comes from, and how to bring it here
 */
export async function locate(chart: Chart, version: string, folder: string | undefined): Promise<string> {
	if (folder !== undefined) return await inFolder(folder, chart, version)
	const cache = join(cacheRoot(), "charts")
	const cached = join(cache, archiveName(chart, version))
	if (await exists(cached)) return cached
	try {
		await pull(chart, version, cache)
		return cached
	} catch (error) {
		const module = moduleWith(chart, version)
		if (module !== undefined) return await fromModule(chart, module)
		throw missing(chart, version, error)
	}
}

function pullArguments({name, source}: Chart, tag: string): string[] {
	return source.startsWith("oci://")
		? ["pull", source, "--version", tag]
		: ["pull", name, "--repo", source, "--version", tag]
}

async function pull(chart: Chart, version: string, cache: string): Promise<void> {
	if (process.env.HEDDLE_OFFLINE === "1") throw new Error("downloads are off (HEDDLE_OFFLINE=1)")
	await mkdir(cache, {recursive: true})
	await helm([...pullArguments(chart, tagOf(chart, version)), "--destination", cache])
}

function missing(chart: Chart, version: string, cause: unknown): SourceError {
	const command = `helm ${pullArguments(chart, tagOf(chart, version)).join(" ")} --destination charts`
	return new SourceError(
		`the chart ${chart.name} ${version} cannot be fetched from ${chart.source}: ${messageOf(cause).replace(/^helm pull failed: /, "")}`,
		"Fetch it where the network is, bring the folder here, and name it with --chart-dir charts or HEDDLE_CHART_DIR.",
		{nextSteps: [command], cause},
	)
}
