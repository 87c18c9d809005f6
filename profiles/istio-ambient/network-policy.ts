import {closesPort, refusesProbesFrom, unreadablePolicies} from "../apis/kubernetes/network-policy.ts"
import {admitsAmbientProbes} from "../cilium/under-mesh.ts"
import type {Reason} from "../reason.ts"
import {reason} from "../reasons.ts"
import {refOf} from "../snapshot/object.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"

const hbone = 15008
/** Ambient's address for the kubelet's probes. */
const probeAddress = "169.254.7.127"

/** Policies for ports of the application stop matching when traffic between enrolled pods arrives on 15008. */
export function networkPolicyHazards(snapshot: Snapshot, namespace: string): readonly Reason[] {
	const closed = closesPort(snapshot, namespace, hbone).map(({policy, direction}) => {
		const whom = direction === "ingress" ? "from its callers" : "to what it calls"
		const message = `${refOf(policy)} admits ports ${whom}, but not TCP ${hbone}, by which enrolled pods reach each other.`
		return reason("NetworkPolicyBlocksHBONE", {
			object: refOf(policy),
			message,
			fix: `Admit TCP ${hbone} for the same peers.`,
		})
	})
	const refused = admitsAmbientProbes(snapshot, namespace)
		? []
		: refusesProbesFrom(snapshot, namespace, probeAddress)
	const probes = refused.map(({workload, policies}) => {
		const object = refOf(workload.object)
		const message = `${policies.map(refOf).join(", ")} would refuse the kubelet's probes of ${object}, which come from ${probeAddress} in ambient.`
		return reason("NetworkPolicyBlocksHBONE", {object, message, fix: `Admit ${probeAddress}/32.`})
	})
	return [...unreadablePolicies(snapshot, namespace), ...closed, ...probes]
}
