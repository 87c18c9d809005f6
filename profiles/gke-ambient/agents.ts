import {readyNodes} from "../istio-ambient/agents.ts"
import {perSnapshot} from "../memo.ts"
import * as kinds from "../snapshot/kinds.ts"
import type {DaemonSet} from "../snapshot/shapes.ts"

/** Where GKE keeps the components of its ambient networking. */
export const managedNamespace = "gke-managed-ambient"

/** `nriplugin` redirects pods, `proxy` carries their traffic. */
export const components = ["gke-ambient-nriplugin", "gke-ambient-proxy"] as const
export type Component = (typeof components)[number]

export type Agent = {
	readonly daemonSet: DaemonSet
	/** Nodes with a Ready pod of the agent; undefined when none of its pods is visible, which proves nothing. */
	readonly readyOn: ReadonlySet<string> | undefined
}

/** The node agents of GKE ambient networking, by name. */
export const agents = perSnapshot((snapshot): ReadonlyMap<Component, Agent> => {
	const found = new Map<Component, Agent>()
	for (const name of components) {
		const daemonSet = snapshot.get(kinds.DaemonSet, name, managedNamespace)
		if (daemonSet) found.set(name, {daemonSet, readyOn: readyNodes(snapshot, daemonSet)})
	}
	return found
})
