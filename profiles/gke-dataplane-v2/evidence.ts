import {anetd} from "../apis/cilium/agent.ts"
import {encryptionDuty, told} from "../apis/cilium/duties.ts"
import {endpointEvidence, isInMeshAbove} from "../apis/cilium/endpoint.ts"
import {CiliumConfig, CiliumEndpoint} from "../apis/cilium/kinds.ts"
import type {Evidence, Surroundings} from "../dataplane.ts"
import {DaemonSet} from "../snapshot/kinds.ts"
import type {Pod} from "../snapshot/shapes.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"

/** The one thing of a mesh that this network can do is to encrypt between nodes; else it says nothing of a pod. */
export function evidence(pod: Pod, snapshot: Snapshot): Evidence | undefined {
	const agent = anetd(snapshot)
	if (agent === undefined || isInMeshAbove(pod)) return undefined
	const [duty] = encryptionDuty(snapshot)
	const found = duty && endpointEvidence(pod, snapshot, agent)
	return found && {...found, detail: `${told(duty)}; ${found.detail}`}
}

export const surroundings: Surroundings = {
	kinds: [CiliumEndpoint, CiliumConfig, DaemonSet],
	of: (pod, snapshot) => evidence(pod, snapshot)?.state ?? "",
}
