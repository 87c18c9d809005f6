import {protectionLostOutsideIstio, settingsLostOutsideIstio} from "../apis/istio/leaving.ts"
import {heldBy} from "../apis/linkerd/pods.ts"
import {underMesh} from "../cilium/under-mesh.ts"
import type {Move} from "../dataplane.ts"
import type {Reason} from "../reason.ts"
import {serviceHazards} from "../service-hazards.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"
import {injectionHazards} from "./injection-hazards.ts"
import {cutOffHazards, networkPolicyHazards} from "./network-hazards.ts"
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
		...skippedPortHazards(snapshot, move),
		...routeHazards(snapshot, namespace),
		...networkPolicyHazards(snapshot, move),
		...cutOffHazards(snapshot, move),
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
