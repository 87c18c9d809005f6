import {satisfies} from "semver"
import {protectionLostOutsideIstio, settingsLostOutsideIstio} from "../apis/istio/leaving.ts"
import {closesPort, unreadablePolicies} from "../apis/kubernetes/network-policy.ts"
import {heldBy} from "../apis/linkerd/pods.ts"
import {underMesh} from "../cilium/under-mesh.ts"
import type {Move} from "../dataplane.ts"
import type {Reason} from "../reason.ts"
import {reason} from "../reasons.ts"
import {serviceHazards} from "../service-hazards.ts"
import {refOf} from "../snapshot/object.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"
import {injectionHazards} from "./injection-hazards.ts"
import {policyHazards} from "./policy-hazards.ts"
import {portHazards} from "./port-hazards.ts"
import {routeHazards} from "./route-hazards.ts"
import {skippedPortHazards} from "./skipped-ports.ts"
import {workloadHazards} from "./workload-hazards.ts"

export function hazards(snapshot: Snapshot, move: Move): readonly Reason[] {
	const {namespace} = move
	return [
		...lostFromIstio(snapshot, namespace),
		...injectionHazards(snapshot, namespace),
		...policyHazards(snapshot, move),
		...skippedPortHazards(snapshot, namespace),
		...routeHazards(snapshot, namespace),
		...networkPolicyHazards(snapshot, move),
		...workloadHazards(snapshot, namespace),
		...portHazards(snapshot, move),
		...serviceHazards(snapshot, namespace),
		...underMesh(snapshot, namespace, "linkerd"),
	]
}

/**
 * Linkerd reads nothing of Istio's. Policies of other namespaces, the root namespace among them, are lost only where
 * Istio holds pods now: it may go on beside Linkerd in the rest of the cluster. The namespace's own always count, for
 * its owner means them.
 */
function lostFromIstio(snapshot: Snapshot, namespace: string): readonly Reason[] {
	const held = heldBy(snapshot, namespace)
	const isOwn = ({object}: Reason) => object?.split("/")[1] === namespace
	const protection = protectionLostOutsideIstio(snapshot, namespace)
	return [
		...(held.istio ? protection : protection.filter(isOwn)),
		...(held.outsideLinkerd ? settingsLostOutsideIstio(snapshot, namespace) : []),
	]
}

/** Where Linkerd's proxies meet each other. Source: linkerd2:charts/linkerd-control-plane/values.yaml */
const inboundPort = 4143

function networkPolicyHazards(snapshot: Snapshot, {namespace, to}: Move): readonly Reason[] {
	const faults = unreadablePolicies(snapshot, namespace)
	// Before 2.18 a connection between proxies kept the port of the application.
	if (to.version !== undefined && satisfies(to.version, "<2.18.0")) return faults
	return [
		...faults,
		...closesPort(snapshot, namespace, inboundPort).map(({policy, direction}) => {
			const whom = direction === "ingress" ? "from its callers" : "to what it calls"
			const message = `${refOf(policy)} admits ports ${whom}, but not TCP ${inboundPort}, by which Linkerd's proxies reach each other.`
			return reason("NetworkPolicyBlocksLinkerd", {object: refOf(policy), message})
		}),
	]
}
