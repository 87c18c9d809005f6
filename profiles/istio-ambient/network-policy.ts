import {closesPort, refusesProbesFrom, unreadablePolicies} from "../apis/kubernetes/network-policy.ts"
import {closedToTunnelByPeers} from "../apis/kubernetes/tunnel.ts"
import {admitsAmbientProbes} from "../cilium/under-mesh.ts"
import type {Move} from "../dataplane.ts"
import {gatewayMark} from "../foreign.ts"
import {annotationOf, hasEnded} from "../pods.ts"
import type {Reason} from "../reason.ts"
import {reason} from "../reasons.ts"
import * as kinds from "../snapshot/kinds.ts"
import {refOf} from "../snapshot/object.ts"
import type {Pod} from "../snapshot/shapes.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"
import {hbone, openedByTunnel} from "./tunnel-openings.ts"
import {refusesWaypoint} from "./waypoint-network.ts"

/** Ambient's address for the kubelet's probes. */
const probeAddress = "169.254.7.127"

/** Policies for ports of the application stop matching when traffic between enrolled pods arrives on 15008. */
export function networkPolicyHazards(snapshot: Snapshot, {namespace, uses = []}: Place): readonly Reason[] {
	const closed = closesPort(snapshot, namespace, hbone).map(({policy, direction}) => {
		const whom = direction === "ingress" ? "from its callers" : "to what it calls"
		const message = `${refOf(policy)} admits ports ${whom}, but not TCP ${hbone}, by which enrolled pods reach each other.`
		return reason("NetworkPolicyBlocksHBONE", {object: refOf(policy), message})
	})
	const refused = admitsAmbientProbes(snapshot, namespace)
		? []
		: refusesProbesFrom(snapshot, namespace, probeAddress)
	const probes = refused.map(({workload, policies}) => {
		const object = refOf(workload.object)
		const message = `${policies.map(refOf).join(", ")} would refuse the kubelet's probes of ${object}, which come from ${probeAddress} in ambient.`
		return reason("NetworkPolicyBlocksHBONE", {object, message, fix: `Admit ${probeAddress}/32.`})
	})
	return [
		...unreadablePolicies(snapshot, namespace),
		...closed,
		...probes,
		...(isMoving(snapshot, namespace) ? openedByTunnel(snapshot, namespace) : []),
		...refusesWaypoint(snapshot, namespace, uses),
		...closedToTunnelByPeers(snapshot, namespace, {port: hbone, inMesh: isEnrolled, mesh: "ambient"}),
	]
}

type Place = Pick<Move, "namespace" | "uses">

const isEnrolled = (pod: Pod): boolean => annotationOf(pod, "ambient.istio.io/redirection") === "enabled"

/** Where every pod is in ambient already, who comes by HBONE comes now. */
function isMoving(snapshot: Snapshot, namespace: string): boolean {
	const pods = snapshot
		.list(kinds.Pod, namespace)
		.filter((pod) => pod.spec?.hostNetwork !== true && gatewayMark(pod) === undefined && !hasEnded(pod))
	return pods.length === 0 || !pods.every(isEnrolled)
}
