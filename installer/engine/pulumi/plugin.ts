import {delimiter, dirname, join} from "node:path"
import provider from "@pulumi/kubernetes/package.json" with {type: "json"}
import type {Workspace} from "@pulumi/pulumi/automation/index.js"
import {binary} from "../../sandbox/bin/catalogue.ts"
import {find, resolve} from "../../sandbox/bin/resolve.ts"
import {onPath} from "../../sandbox/bin/version-probe.ts"
import {cacheRoot} from "../../sandbox/paths.ts"
import type {OnInstallEvent} from "../events.ts"
import {link} from "./link.ts"

const program = binary("pulumi-resource-kubernetes")

/**
 * Sees to the Kubernetes provider: the one that was named, the one on PATH, Pulumi's own plugin, one that was built
 * before, a download, or a build from its Go module where the download cannot be reached.
 */
export async function withPlugin(workspace: Workspace, tell: OnInstallEvent): Promise<void> {
	const had = await find(program, {onEvent: tell})
	if (had?.source === "explicit") return await onOwnPath(had.path)
	if ((await onPath(program.name)) !== undefined || (await isInstalled(workspace))) return
	if (had !== undefined) return await onOwnPath(had.path)
	try {
		await download(workspace, tell)
	} catch {
		await onOwnPath((await resolve(program, {onEvent: tell})).path)
	}
}

async function isInstalled(workspace: Workspace): Promise<boolean> {
	const installed = await workspace.listPlugins()
	return installed.some(({name, version}) => name === "kubernetes" && version === provider.version)
}

/** The engine looks for a plugin on PATH first, by its plain name. */
async function onOwnPath(path: string): Promise<void> {
	const place = join(cacheRoot(), "pulumi-tools", "plugins", program.name)
	await link(path, place)
	process.env.PATH = [dirname(place), process.env.PATH].join(delimiter)
}

/** Pulumi says nothing while a download of its own lasts. */
async function download(workspace: Workspace, tell: OnInstallEvent): Promise<void> {
	if (process.env.HEDDLE_OFFLINE === "1") throw new Error("downloads are off (HEDDLE_OFFLINE=1)")
	const {version} = provider
	const step = {type: "step", id: "plugin", title: `Get Pulumi's plugin kubernetes ${version}`} as const
	const began = performance.now()
	const elapsedMs = () => Math.round(performance.now() - began)
	tell({...step, state: "started"})
	const ticker = setInterval(() => tell({...step, state: "progress", elapsedMs: elapsedMs()}), 2_000)
	try {
		await workspace.installPlugin("kubernetes", version)
		tell({...step, state: "done", elapsedMs: elapsedMs()})
	} catch (error) {
		tell({...step, state: "failed", elapsedMs: elapsedMs()})
		throw error
	} finally {
		clearInterval(ticker)
	}
}
