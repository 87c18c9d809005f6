import type {Image} from "../image/archive.ts"
import {program} from "../image/entries.ts"
import {basics, istioImages, tables} from "../images.ts"
import type {FoundTool} from "../system-tools.ts"

const nameOf = (image: string) => `${istioImages.hub}/${image}:${istioImages.tag}`

export async function ztunnelImage(ztunnel: string): Promise<Image> {
	const entries = [...basics, ...(await program("usr/local/bin/ztunnel", ztunnel))]
	return {name: nameOf("ztunnel"), entries, entrypoint: ["/usr/local/bin/ztunnel"]}
}

export type CniParts = {agent: string; plugin: string; iptables: FoundTool}

/** Istio's node agent, which copies the plugin from its own image to the node. */
export async function installCniImage({agent, plugin, iptables}: CniParts): Promise<Image> {
	const entries = [
		...basics,
		...(await program("usr/local/bin/install-cni", agent)),
		...(await program("opt/cni/bin/istio-cni", plugin)),
		...(await tables(iptables)),
	]
	return {name: nameOf("install-cni"), entries, entrypoint: ["/usr/local/bin/install-cni"]}
}
