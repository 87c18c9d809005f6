import {ciliumAgent} from "../apis/cilium/agent.ts"
import {dutiesIn, told} from "../apis/cilium/duties.ts"
import {endpointEvidence, isInMeshAbove} from "../apis/cilium/endpoint.ts"
import {ciliumKinds} from "../apis/cilium/kinds.ts"
import {GRPCRoute, HTTPRoute} from "../apis/gateway-api/kinds.ts"
import type {Evidence, Surroundings} from "../dataplane.ts"
import {DaemonSet, Namespace} from "../snapshot/kinds.ts"
import type {Pod} from "../snapshot/shapes.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"

/**
 * Every pod of a cluster on Cilium has its CiliumEndpoint, so that alone says nothing. A pod is on Cilium when Cilium
 * does more for its namespace than being its network, and no mesh above has the pod.
 */
export function evidence(pod: Pod, snapshot: Snapshot): Evidence | undefined {
	const agent = ciliumAgent(snapshot)
	if (agent === undefined || isInMeshAbove(pod)) return undefined
	const [duty] = dutiesIn(snapshot, pod.metadata.namespace ?? "")
	const found = duty && endpointEvidence(pod, snapshot, agent)
	return found && {...found, detail: `${told(duty)}; ${found.detail}`}
}

/** Where a pod is hinges on rules, routes, its CiliumEndpoint, the namespace's label and the agent's flags. */
export const surroundings: Surroundings = {
	kinds: [...ciliumKinds, HTTPRoute, GRPCRoute, Namespace, DaemonSet],
	of: (pod, snapshot) => evidence(pod, snapshot)?.state ?? "",
}
