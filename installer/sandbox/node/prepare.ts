import {mkdir, rm, symlink, writeFile} from "node:fs/promises"
import {join} from "node:path"
import type {BinaryName} from "../bin/catalogue.ts"
import {SandboxError} from "../errors.ts"
import {step} from "../events.ts"
import type {Session} from "../session.ts"
import {cgroupOf, createCgroups} from "./cgroups.ts"
import {envoyVersion, obtainEnvoy} from "./envoy.ts"
import {imageNames} from "./images.ts"
import {
	cniConfig,
	containerdConfig,
	kubeletConfig,
	type NodeFiles,
	nodeFiles,
	proxyConfig,
} from "./settings.ts"
import {type FoundTool, linkTool, obtainTool, systemTools} from "./system-tools.ts"

/** What no module proxy has: found, or fetched. */
export type Parts = {envoy: string; tools: Map<FoundTool["tool"]["name"], FoundTool>}

export async function obtainParts({onEvent, signal, state}: Session): Promise<Parts> {
	return step(onEvent, "parts", "Find runc, iptables, Prometheus and Envoy", async (progress) => {
		const tools: Parts["tools"] = new Map()
		for (const tool of systemTools) {
			const found = await obtainTool(tool, signal)
			tools.set(tool.name, found)
			progress({note: `${tool.name} (${found.root ? "Debian's package" : "installed"})`})
		}
		const envoy = await obtainEnvoy(signal)
		state.versions.envoy = envoyVersion
		return {envoy, tools}
	})
}

/** Under the names by which containerd and the CNI library look for them. */
const linked: Partial<Record<BinaryName, string>> = {
	"containerd-shim-runc-v2": "containerd-shim-runc-v2",
	"cni-ptp": "ptp",
	"cni-host-local": "host-local",
	"cni-loopback": "loopback",
}

/** All files of a node, written anew: they follow from the sandbox and from this version of Heddle. */
export async function writeNodeFiles({at, state, programs}: Session, {tools}: Parts): Promise<NodeFiles> {
	const files = nodeFiles(at.folder)
	for (const folder of [files.bin, files.cni, files.prepared]) {
		await rm(folder, {recursive: true, force: true})
	}
	for (const folder of [files.bin, files.cni, files.log, files.images, files.prometheusData]) {
		await mkdir(folder, {recursive: true})
	}
	for (const [name, link] of Object.entries(linked)) {
		await symlink(programOf(programs, name as BinaryName), join(files.bin, link))
	}
	for (const tool of tools.values()) await linkTool(tool, files.bin)
	const json = (value: object) => JSON.stringify(value, null, "\t")
	await writeFile(files.containerdConfig, containerdConfig(files, imageNames.pause))
	await writeFile(join(files.cni, "10-heddle.conflist"), json(cniConfig))
	await writeFile(files.kubeletConfig, json(kubeletConfig(cgroupOf(state.mark))))
	await writeFile(files.proxyConfig, json(proxyConfig(at.kubeconfig)))
	createCgroups(state.mark)
	return files
}

export function programOf(programs: Session["programs"], name: BinaryName): string {
	const path = programs.get(name)
	if (path) return path
	throw new SandboxError(`${name} was not resolved before its use`, "This is a fault of the sandbox itself.")
}
