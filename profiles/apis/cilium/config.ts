import type {StringMap} from "../../snapshot/object.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"
import {CiliumConfig} from "./kinds.ts"

/** The agent's flags as they stand in kube-system/cilium-config; undefined when that cannot be seen. */
export function ciliumConfig(snapshot: Snapshot): StringMap | undefined {
	const {namespace, name} = CiliumConfig.only
	return snapshot.get(CiliumConfig, name, namespace)?.data
}

export const isOn = (config: StringMap | undefined, flag: string): boolean => config?.[flag] === "true"

/** What the agents encrypt between nodes, by name; undefined when nothing says that they do. */
export function nodeEncryption(snapshot: Snapshot): string | undefined {
	const config = ciliumConfig(snapshot)
	if (isOn(config, "enable-wireguard")) return "WireGuard"
	return isOn(config, "enable-ipsec") ? "IPsec" : undefined
}

/** Services are resolved in the pod's own socket, before any proxy beside the pod or on its node sees the address. */
export function resolvesInPods(config: StringMap): boolean {
	const replaces = config["kube-proxy-replacement"] ?? "false"
	const socketLB =
		config["bpf-lb-sock"] ?? (replaces === "false" || replaces === "disabled" ? "false" : "true")
	return socketLB === "true" && !isOn(config, "bpf-lb-sock-hostns-only")
}
