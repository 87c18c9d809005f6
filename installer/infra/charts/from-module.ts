import {chmod, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile} from "node:fs/promises"
import {dirname, join} from "node:path"
import {cacheRoot} from "../../sandbox/paths.ts"
import type {Chart} from "./chart.ts"
import {tagOf} from "./chart.ts"
import {exists} from "./chart-folder.ts"
import type {ChartModule} from "./chart-modules.ts"
import {moduleFolder} from "./go-module.ts"

/**
 * A chart out of the source of its project, for machines that reach a Go module proxy and no chart repository, as those
 * of the sandbox may be. Named and numbered as the project's own release does it.
 * @throws SourceError when the module cannot be had
 */
export async function fromModule(
	chart: Chart,
	{module, version, folders, ...rest}: ChartModule,
): Promise<string> {
	const target = join(
		cacheRoot(),
		"charts",
		`source-${module.path.replaceAll("/", "-")}-${module.version}`,
		chart.name,
	)
	if (await exists(target)) return target
	const source = join(await moduleFolder(module), folders.get(chart) ?? "")
	await mkdir(dirname(target), {recursive: true})
	const aside = await mkdtemp(`${target}.`)
	try {
		// What Go keeps in its cache may not be written, and neither may a plain copy of it.
		await cp(source, aside, {recursive: true})
		await writable(aside)
		await stamp(join(aside, "Chart.yaml"), chart, version)
		if (rest.templateValues !== undefined) await fillIn(aside, rest.templateValues)
		await rename(aside, target)
	} catch (error) {
		await rm(aside, {recursive: true, force: true})
		// Another install may have been faster.
		if (!(await exists(target))) throw error
	}
	return target
}

async function writable(folder: string): Promise<void> {
	await chmod(folder, 0o755)
	for (const entry of await readdir(folder, {withFileTypes: true})) {
		const path = join(folder, entry.name)
		await (entry.isDirectory() ? writable(path) : chmod(path, 0o644))
	}
}

async function stamp(path: string, chart: Chart, version: string): Promise<void> {
	const tag = tagOf(chart, version)
	const text = await readFile(path, "utf8")
	const stamped = text
		.replace(/^name:.*$/m, `name: ${chart.name}`)
		.replace(/^version:.*$/m, `version: ${tag}`)
		.replace(/^appVersion:.*$/m, `appVersion: ${tag}`)
	await writeFile(path, stamped)
}

async function fillIn(folder: string, values: Readonly<Record<string, string>>): Promise<void> {
	const template = await readFile(join(folder, "values.tmpl.yaml"), "utf8")
	const filled = template.replace(/\$\{(\w+)\}/g, (mark, name: string) => values[name] ?? mark)
	await writeFile(join(folder, "values.yaml"), filled)
}
