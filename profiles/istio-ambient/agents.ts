import {perSnapshot} from "../memo.ts"
import {isReady, labelOf} from "../pods.ts"
import * as kinds from "../snapshot/kinds.ts"
import type {DaemonSet} from "../snapshot/shapes.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"

export const agentNames = ["ztunnel", "istio-cni-node"] as const
export type AgentName = (typeof agentNames)[number]

export type Agent = {
	readonly daemonSet: DaemonSet
	/** Nodes with a Ready pod of the agent; undefined when none of its pods is visible, which proves nothing. */
	readonly readyOn: ReadonlySet<string> | undefined
}

/** The node agents of ambient, by name. */
export const agents = perSnapshot((snapshot): ReadonlyMap<AgentName, Agent> => {
	const found = new Map<AgentName, Agent>()
	for (const name of agentNames) {
		const daemonSet = snapshot.list(kinds.DaemonSet).find(({metadata}) => metadata.name === name)
		if (daemonSet) found.set(name, {daemonSet, readyOn: readyNodes(snapshot, daemonSet)})
	}
	return found
})

export function readyNodes(snapshot: Snapshot, daemonSet: DaemonSet): ReadonlySet<string> | undefined {
	const {name, namespace} = daemonSet.metadata
	const pods = snapshot
		.list(kinds.Pod, namespace)
		.filter(
			(pod) =>
				(pod.metadata.ownerReferences ?? []).some(
					(owner) => owner.kind === "DaemonSet" && owner.name === name,
				) || labelOf(pod, "app") === name,
		)
	if (pods.length === 0) return undefined
	return new Set(pods.filter(isReady).flatMap(({spec}) => spec?.nodeName ?? []))
}

/** Every pod that the DaemonSet wants is there and Ready. */
export function isComplete({status}: DaemonSet): boolean {
	const wanted = status?.desiredNumberScheduled ?? 0
	return wanted > 0 && (status?.numberReady ?? 0) >= wanted
}

/** Names of the nodes that may get pods of a namespace. */
export const schedulableNodes = perSnapshot((snapshot): readonly string[] =>
	snapshot
		.list(kinds.Node)
		.filter(({spec}) => spec?.unschedulable !== true)
		.map(({metadata}) => metadata.name),
)
