import {readdir, stat} from "node:fs/promises"
import {join} from "node:path"
import {archiveName, folderVersion} from "./archive.ts"
import type {Chart} from "./chart.ts"
import {SourceError} from "./source-error.ts"

/**
 * A chart in a folder of one's own, as an archive or unpacked; what an air-gapped machine has. Another version than
 * the one asked for is not taken in its place.
 * @throws SourceError naming what was looked for and what is there
 */
export async function inFolder(folder: string, chart: Chart, version: string): Promise<string> {
	const archive = join(folder, archiveName(chart, version))
	if (await exists(archive)) return archive
	const unpacked = join(folder, chart.name)
	const found = await folderVersion(unpacked, chart)
	if (found === version) return unpacked
	if (!(await exists(folder))) {
		throw new SourceError(
			`the folder of charts ${folder} does not exist`,
			"Correct --chart-dir or HEDDLE_CHART_DIR.",
		)
	}
	const others = (await readdir(folder)).filter((name) => name.startsWith(chart.name))
	const there = found === undefined ? "" : `; ${unpacked} is version ${found}`
	throw new SourceError(
		`the chart ${chart.name} ${version} is not in ${folder}: neither ${archiveName(chart, version)} nor a folder ${chart.name} of that version${there}`,
		others.length === 0
			? "Put the chart there, or leave --chart-dir out to fetch it."
			: `There is ${others.join(", ")}; ask for that version, or add the one that is missing.`,
	)
}

export async function exists(path: string): Promise<boolean> {
	return await stat(path).then(
		() => true,
		() => false,
	)
}
