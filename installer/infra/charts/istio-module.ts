import {cp, mkdir, readFile, rename, rm, writeFile} from "node:fs/promises"
import {join} from "node:path"
import {istioVersion} from "../../sandbox/bin/catalogue.ts"
import {cacheRoot} from "../../sandbox/paths.ts"
import type {Chart} from "./chart.ts"
import {charts} from "./chart.ts"
import {exists} from "./chart-folder.ts"
import {type GoModule, moduleFolder} from "./go-module.ts"

/** The commit of the 1.31 line that the sandbox builds istiod from; its charts are in it. */
const module: GoModule = {
	path: "istio.io/istio",
	version: "v0.0.0-20260827124520-eed52ebb66ad",
	sum: "h1:ui9TJjRMAV/hb5ehQaZDq7IUGxuQP6dra9lapT/VjHI=",
}

/** Where Istio's source keeps each chart; they get their names and versions when Istio is released. */
const folders: Readonly<Record<string, string>> = {
	[charts.istioBase.name]: "base",
	[charts.istiod.name]: "istio-control/istio-discovery",
	[charts.istioCni.name]: "istio-cni",
	[charts.ztunnel.name]: "ztunnel",
}

/** Whether that source stands for the release that is asked for. */
export function istioModuleHas(chart: Chart, version: string): boolean {
	return version === istioVersion && chart.source === charts.istiod.source && chart.name in folders
}

/**
 * A chart of Istio out of its source, for machines that reach a Go module proxy and no chart repository, as those of
 * the sandbox may be. Named and numbered as Istio's own release does it.
 */
export async function fromIstioModule(chart: Chart, version: string): Promise<string> {
	const target = join(cacheRoot(), "charts", `istio-source-${module.version}`, chart.name)
	if (await exists(target)) return target
	const source = join(await moduleFolder(module), "manifests", "charts", folders[chart.name] ?? "")
	const aside = `${target}.${process.pid}`
	await mkdir(join(target, ".."), {recursive: true})
	// What Go keeps in its cache may not be written.
	await cp(source, aside, {recursive: true, mode: 0, force: true})
	await writable(aside, chart, version)
	await rename(aside, target).catch(async () => await rm(aside, {recursive: true, force: true}))
	return target
}

async function writable(folder: string, chart: Chart, version: string): Promise<void> {
	const path = join(folder, "Chart.yaml")
	const text = await readFile(path, "utf8")
	const stamped = text
		.replace(/^name:.*$/m, `name: ${chart.name}`)
		.replace(/^version:.*$/m, `version: ${version}`)
		.replace(/^appVersion:.*$/m, `appVersion: ${version}`)
	await rm(path, {force: true})
	await writeFile(path, stamped)
}
