import {anetd, ciliumAgent} from "../apis/cilium/agent.ts"
import {ciliumConfig, isOn, resolvesInPods} from "../apis/cilium/config.ts"
import {CiliumConfig} from "../apis/cilium/kinds.ts"
import type {Reason} from "../reason.ts"
import {type ProfileReasonCode, reason} from "../reasons.ts"
import * as kinds from "../snapshot/kinds.ts"
import type {StringMap} from "../snapshot/object.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"

/** A mesh that may run on top of Cilium, or of GKE's build of it. */
export type MeshAbove = "istio-sidecar" | "istio-ambient" | "linkerd"

/** DaemonSets that put a CNI plugin of their own beside the network's. */
const plugins: Readonly<Record<MeshAbove, string>> = {
	"istio-sidecar": "istio-cni-node",
	"istio-ambient": "istio-cni-node",
	linkerd: "linkerd-cni",
}

/**
 * What a mesh's installation hinges on where Cilium is the network: flags that only Cilium's owner can change.
 * Sources: cilium:Documentation/network/servicemesh/istio.rst; istio.io, platform prerequisites of ambient;
 * linkerd.io, Cilium.
 */
export function coexistence(snapshot: Snapshot, mesh: MeshAbove): readonly Reason[] {
	if (anetd(snapshot) !== undefined) return onDataplaneV2(mesh)
	if (ciliumAgent(snapshot) === undefined) return []
	const config = ciliumConfig(snapshot)
	if (config === undefined) return [unseen()]
	const hasPlugin =
		mesh === "istio-ambient" ||
		snapshot.list(kinds.DaemonSet).some(({metadata}) => metadata.name === plugins[mesh])
	return [
		...(hasPlugin ? flag(config, "cni-exclusive", "CiliumRemovesPlugins") : []),
		...(mesh === "istio-ambient"
			? flag(config, "enable-bpf-masquerade", "CiliumMasqueradeBreaksProbes")
			: []),
		...(resolvesInPods(config)
			? [said("CiliumBypassesProxies", "kube-proxy-replacement without bpf-lb-sock-hostns-only: true")]
			: []),
	]
}

const object = `ConfigMap/${CiliumConfig.only.namespace}/${CiliumConfig.only.name}`

const said = (code: ProfileReasonCode, what: string): Reason =>
	reason(code, {object, message: `Cilium runs with ${what}.`})

const flag = (config: StringMap, name: string, code: ProfileReasonCode): readonly Reason[] =>
	isOn(config, name) ? [said(code, `${name}: true`)] : []

/** Without the flags nobody knows what Cilium does to a mesh above it, or encrypts below it. */
export const unseen = (): Reason =>
	reason("CiliumConfigUnseen", {object, message: "Cilium is the network, and its flags are not to be seen."})

/** GKE sets the flags of its build for the meshes that it supports; nobody else can change them. */
function onDataplaneV2(mesh: MeshAbove): readonly Reason[] {
	if (mesh !== "istio-ambient") return []
	const message = "The network is GKE Dataplane V2, on which ambient has lost connections within a node."
	return [reason("NodeLocalHBONEBlackhole", {message})]
}
