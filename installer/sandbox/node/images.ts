import {readFile} from "node:fs/promises"
import {join} from "node:path"
import {istioVersion} from "../bin/catalogue.ts"
import {envoyVersion} from "./envoy.ts"
import type {Image} from "./image/archive.ts"
import {type Entry, filesOf, program} from "./image/entries.ts"
import {type FoundTool, libraryFolders} from "./system-tools.ts"

const registry = "heddle.local"
const meshTag = `${istioVersion}-envoy-${envoyVersion}`

/** Images are made here, from programs that are on this machine, and never fetched: so a tag is enough of a name. */
export const imageNames = {
	pause: `${registry}/pause:1`,
	coredns: `${registry}/coredns:1`,
	/** Node as the entry point, and nothing else: for applications and load clients whose source a ConfigMap brings. */
	node: `${registry}/node:${process.versions.node}`,
	pilot: `${registry}/pilot:${meshTag}`,
	proxy: `${registry}/proxyv2:${meshTag}`,
} as const

/** By these Istio's templates come to the names of its images. */
export const istioImages = {hub: registry, tag: meshTag} as const

export const basics: Entry[] = [
	{path: "tmp", folder: true, mode: 0o1777},
	{
		path: "etc/passwd",
		text: "root:x:0:0:root:/:/bin/false\nnobody:x:65534:65534:nobody:/:/bin/false\nistio-proxy:x:1337:1337::/:/bin/false\n",
	},
	{path: "etc/group", text: "root:x:0:\nnobody:x:65534:\nistio-proxy:x:1337:\n"},
	{path: "etc/nsswitch.conf", text: "hosts: files dns\n"},
]

/** What holds a pod's namespaces open. It is killed when the pod ends, so it need not listen to signals. */
export async function pauseImage(sleep: string): Promise<Image> {
	const entries = [...basics, ...(await program("pause", sleep))]
	return {name: imageNames.pause, entries, entrypoint: ["/pause", "infinity"], user: "65534"}
}

export async function corednsImage(coredns: string): Promise<Image> {
	return {
		name: imageNames.coredns,
		entries: [...basics, ...(await program("coredns", coredns))],
		entrypoint: ["/coredns"],
	}
}

export async function nodeImage(node: string): Promise<Image> {
	const entries = [...basics, ...(await program("usr/local/bin/node", node))]
	return {name: imageNames.node, entries, entrypoint: ["/usr/local/bin/node"], user: "65534"}
}

export async function pilotImage(pilotDiscovery: string): Promise<Image> {
	const entries = [...basics, ...(await program("usr/local/bin/pilot-discovery", pilotDiscovery))]
	return {name: imageNames.pilot, entries, entrypoint: ["/usr/local/bin/pilot-discovery"], user: "1337"}
}

export type ProxyParts = {
	envoy: string
	pilotAgent: string
	/** Istio's template of Envoy's bootstrap. */
	bootstrap: string
	iptables: FoundTool
}

/** Istio's proxy image with a stock Envoy: it lacks Istio's own filters, which istiod's settings leave out. */
export async function proxyImage({envoy, pilotAgent, bootstrap, iptables}: ProxyParts): Promise<Image> {
	const entries: Entry[] = [
		...basics,
		{path: "etc/istio/proxy", folder: true, mode: 0o777},
		...(await program("usr/local/bin/envoy", envoy)),
		...(await program("usr/local/bin/pilot-agent", pilotAgent)),
		{
			path: "var/lib/istio/envoy/envoy_bootstrap_tmpl.json",
			text: ofStockEnvoy(await readFile(bootstrap, "utf8")),
		},
		...(await tables(iptables)),
	]
	return {name: imageNames.proxy, entries, entrypoint: ["/usr/local/bin/pilot-agent"]}
}

/**
 * An Envoy ends that meets an extension which it does not have. Discovery of metadata is Istio's own; its agent turns it
 * on in every waypoint, and in sidecars that speak HBONE.
 */
const ofStockEnvoy = (template: string): string =>
	template.replaceAll("{{- if .metadata_discovery }}", "{{- if false }}")

/** One multi-call program under all of its names, with its extensions. */
export async function tables({commands, root}: FoundTool): Promise<Entry[]> {
	const [source = ""] = Object.values(commands)
	const folders = await libraryFolders(root)
	const extensions = folders[0] ?? `/usr/lib/${process.arch === "arm64" ? "aarch64" : "x86_64"}-linux-gnu`
	const links = Object.keys(commands).map((name) => ({path: `usr/sbin/${name}`, link: "xtables-nft-multi"}))
	return [
		...(await program("usr/sbin/xtables-nft-multi", source, folders)),
		...(await filesOf(join(extensions, "xtables"), `${extensionsFolder(root, extensions)}`)),
		...links,
	]
}

/** The program knows its extensions by the path with which it was built. */
function extensionsFolder(root: string | undefined, folder: string): string {
	const path = root === undefined ? folder : folder.slice(root.length)
	return join(path.replace(/^\//, ""), "xtables")
}
