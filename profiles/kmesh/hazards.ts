import {protectionLostOutsideIstio} from "../apis/istio/leaving.ts"
import {strictBy} from "../apis/istio/peer-authentication.ts"
import {policiesLostWhenLeaving} from "../apis/linkerd/leaving.ts"
import type {Move} from "../dataplane.ts"
import {routingHazards} from "../istio-ambient/routing-hazards.ts"
import {annotationOf} from "../pods.ts"
import type {Reason} from "../reason.ts"
import {reason} from "../reasons.ts"
import {serviceHazards} from "../service-hazards.ts"
import * as kinds from "../snapshot/kinds.ts"
import {refOf} from "../snapshot/object.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"
import {kmeshAgent} from "./agents.ts"
import {kernelNativeHazards} from "./kernel-native.ts"
import {policyHazards} from "./policy-hazards.ts"
import {waypointHazards} from "./waypoint-hazards.ts"

/** What of a namespace Kmesh would carry differently, or not protect. */
export function hazards(snapshot: Snapshot, move: Move): readonly Reason[] {
	const {namespace} = move
	const native = kmeshAgent(snapshot)?.mode === "kernel-native"
	return [
		...strictHazards(snapshot, namespace),
		...identityHazards(snapshot, namespace),
		...(native
			? kernelNativeHazards(snapshot, move)
			: [...policyHazards(snapshot, namespace), ...waypointHazards(snapshot, move)]),
		...routingHazards(snapshot, namespace, "Kmesh"),
		...nodeHazards(snapshot, namespace),
		...serviceHazards(snapshot, namespace),
		...policiesLostWhenLeaving(snapshot, namespace),
	]
}

function strictHazards(snapshot: Snapshot, namespace: string): readonly Reason[] {
	return strictBy(snapshot, namespace).map((object) => {
		const message = `${refOf(object)} demands mTLS, which Kmesh has not: its pods accept plaintext from everyone.`
		return reason("KmeshHasNoWorkloadMTLS", {object: refOf(object), message})
	})
}

/**
 * Servers on Kmesh know a caller by its address and find its identity from that; all others know it by its
 * certificate, which a caller on Kmesh does not show.
 */
function identityHazards(snapshot: Snapshot, namespace: string): readonly Reason[] {
	return protectionLostOutsideIstio(snapshot, namespace).filter(({code, object}) => {
		const owner = object?.split("/")[1]
		return code === "IdentityLostForPeers" && owner !== undefined && !isAllOnKmesh(snapshot, owner)
	})
}

function isAllOnKmesh(snapshot: Snapshot, namespace: string): boolean {
	const pods = snapshot.list(kinds.Pod, namespace).filter(({spec}) => spec?.hostNetwork !== true)
	return pods.length > 0 && pods.every((pod) => annotationOf(pod, "kmesh.net/redirection") === "enabled")
}

/** Nodes that the namespace's pods are on now: taints may keep agents off nodes that its tolerations allow. */
function nodeHazards(snapshot: Snapshot, namespace: string): readonly Reason[] {
	const readyOn = kmeshAgent(snapshot)?.readyOn
	// Without a visible pod of the agent the state of its DaemonSet decides, in `detect`.
	if (readyOn === undefined) return []
	const nodes = snapshot
		.list(kinds.Pod, namespace)
		.flatMap(({spec}) => (spec?.hostNetwork === true ? [] : (spec?.nodeName ?? [])))
	const bare = [...new Set(nodes)].filter((node) => !readyOn.has(node)).sort()
	if (bare.length === 0) return []
	const message = `Kmesh's agent is not ready on ${bare.join(", ")}, where pods of ${namespace} run.`
	return [reason("NodeWithoutKmeshAgent", {message})]
}
