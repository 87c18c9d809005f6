import {readFile} from "node:fs/promises"
import {join} from "node:path"
import {codeOf} from "../../sandbox/errors.ts"
import type {Chart} from "./chart.ts"
import {tagOf} from "./chart.ts"

/** How an archive of a chart is called, by `helm pull` as well. */
export const archiveName = (chart: Chart, version: string) => `${chart.name}-${tagOf(chart, version)}.tgz`

/** The version that a chart's folder states; undefined when there is no chart of that name. */
export async function folderVersion(folder: string, {name}: Chart): Promise<string | undefined> {
	try {
		const text = await readFile(join(folder, "Chart.yaml"), "utf8")
		const field = (key: string) => new RegExp(`^${key}:\\s*["']?([^"'\\s#]+)`, "m").exec(text)?.[1]
		return field("name") === name ? field("version")?.replace(/^v/, "") : undefined
	} catch (error) {
		if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return undefined
		throw error
	}
}
