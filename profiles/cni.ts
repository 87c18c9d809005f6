import {anetd, ciliumAgent} from "./apis/cilium/agent.ts"
import * as kinds from "./snapshot/kinds.ts"
import type {Snapshot} from "./snapshot/snapshot.ts"

/** The container network, as far as its agents tell. */
export function containerNetwork(snapshot: Snapshot): string | undefined {
	if (anetd(snapshot) !== undefined) return "gke-dataplane-v2"
	if (ciliumAgent(snapshot) !== undefined) return "cilium"
	return snapshot.get(kinds.DaemonSet, "calico-node", "kube-system") === undefined ? undefined : "calico"
}
