import {authorizationsFor, readAuthorization} from "../apis/istio/authorization.ts"
import {strictBy} from "../apis/istio/peer-authentication.ts"
import {cutOffFrom} from "../apis/kubernetes/tunnel.ts"
import {protectionLost} from "../apis/linkerd/leaving.ts"
import {hasLinkerdProxy} from "../apis/linkerd/pods.ts"
import type {Move} from "../dataplane.ts"
import {annotationOf} from "../pods.ts"
import type {Reason} from "../reason.ts"
import {reason} from "../reasons.ts"
import * as kinds from "../snapshot/kinds.ts"
import {refOf} from "../snapshot/object.ts"
import type {PodTemplate} from "../snapshot/shapes.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"
import {strangersIn, templatesIn} from "../workloads.ts"
import {evidence} from "./evidence.ts"

/** Where sidecars get their configuration and their certificates. Source: istio:pkg/config/constants, 15012 */
const discoveryPort = 15012

/** Policies about egress that keep sidecars from istiod; where sidecars run already they have found it. */
export function cutOffHazards(snapshot: Snapshot, {namespace, to}: Move): readonly Reason[] {
	const [space] = to.namespaces
	const runs = snapshot.list(kinds.Pod, namespace).some((pod) => evidence(pod)?.ready === true)
	if (space === undefined || runs) return []
	return cutOffFrom(snapshot, namespace, {space, ports: [discoveryPort], proxy: "istio-proxy"}).map(
		({workload, policies}) => {
			const object = refOf(workload.object)
			const message = `${policies.map(refOf).join(", ")} would keep the sidecars of ${object} from TCP ${discoveryPort} of ${space}.`
			return reason("NetworkPolicyCutsOffControlPlane", {object, message})
		},
	)
}

const redirections = ["ambient.istio.io/redirection", "kmesh.net/redirection"]

/**
 * ztunnel, Kmesh and Linkerd enforce policies on every port, and a profile may ask for strict mTLS on all of them; a
 * sidecar leaves out those that annotations lead past it.
 */
export function exclusionHazards(snapshot: Snapshot, {namespace, uses = []}: Move): readonly Reason[] {
	const asking = uses
		.filter(({name}) => name === "MTLSStrict")
		.flatMap(({usedBy}) => usedBy.filter((ref) => ref.startsWith("MeshProfile/")))
	const policies = [...new Set([...enforcedNow(snapshot, namespace), ...asking])]
	if (policies.length === 0) return []
	return [...templatesIn(snapshot, namespace), ...strangersIn(snapshot, namespace, "istio-proxy")]
		.filter(({template}) => leavesPortsOut(template))
		.map(({object}) => {
			const message = `${refOf(object)} leads inbound ports past its sidecar, where ${policies.join(", ")} would not hold for them.`
			return reason("SidecarExclusionBypassesPolicy", {object: refOf(object), message})
		})
}

/** What holds on every port of the pods, in dataplanes that do not look at Istio's annotations. */
function enforcedNow(snapshot: Snapshot, namespace: string): readonly string[] {
	const pods = snapshot.list(kinds.Pod, namespace)
	const redirected = pods.some((pod) => redirections.some((key) => annotationOf(pod, key) === "enabled"))
	const ofIstio = () => [
		...authorizationsFor(snapshot, namespace).filter((one) => !readAuthorization(one).value.dryRun),
		...strictBy(snapshot, namespace),
	]
	return [
		...(redirected ? ofIstio().map(refOf) : []),
		...(pods.some(hasLinkerdProxy)
			? protectionLost(snapshot, namespace).flatMap(({object}) => object ?? [])
			: []),
	]
}

function leavesPortsOut(template: PodTemplate): boolean {
	const said = (key: string) => annotationOf(template, key)
	return (
		(said("traffic.sidecar.istio.io/excludeInboundPorts") ?? "") !== "" ||
		(said("traffic.sidecar.istio.io/includeInboundPorts") ?? "*") !== "*" ||
		said("sidecar.istio.io/interceptionMode") === "NONE"
	)
}
