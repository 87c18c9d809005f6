import {cp, mkdir, readFile, rename, rm, writeFile} from "node:fs/promises"
import {join} from "node:path"
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
	const aside = `${target}.${process.pid}`
	await mkdir(join(target, ".."), {recursive: true})
	// What Go keeps in its cache may not be written.
	await cp(source, aside, {recursive: true, mode: 0, force: true})
	await stamp(join(aside, "Chart.yaml"), chart, version)
	if (rest.templateValues !== undefined) await fillIn(aside, rest.templateValues)
	await rename(aside, target).catch(async () => await rm(aside, {recursive: true, force: true}))
	return target
}

async function stamp(path: string, chart: Chart, version: string): Promise<void> {
	const tag = tagOf(chart, version)
	const text = await readFile(path, "utf8")
	const stamped = text
		.replace(/^name:.*$/m, `name: ${chart.name}`)
		.replace(/^version:.*$/m, `version: ${tag}`)
		.replace(/^appVersion:.*$/m, `appVersion: ${tag}`)
	await replaceFile(path, stamped)
}

async function fillIn(folder: string, values: Readonly<Record<string, string>>): Promise<void> {
	const template = await readFile(join(folder, "values.tmpl.yaml"), "utf8")
	const filled = template.replace(/\$\{(\w+)\}/g, (mark, name: string) => values[name] ?? mark)
	await replaceFile(join(folder, "values.yaml"), filled)
}

async function replaceFile(path: string, text: string): Promise<void> {
	await rm(path, {force: true})
	await writeFile(path, text)
}
