import {ciliumConfig, isOn} from "../apis/cilium/config.ts"
import {dutiesIn, isZtunnelEnrolled} from "../apis/cilium/duties.ts"
import {hasMeshMTLS} from "../apis/cilium/endpoint.ts"
import {policiesFor} from "../apis/cilium/policy.ts"
import {features as istioFeatures} from "../apis/istio/features.ts"
import {protectionLostOutsideIstio, settingsLostOutsideIstio} from "../apis/istio/leaving.ts"
import {policiesLostWhenLeaving} from "../apis/linkerd/leaving.ts"
import {heldBy} from "../apis/linkerd/pods.ts"
import type {Move} from "../dataplane.ts"
import {plural} from "../names.ts"
import type {Reason} from "../reason.ts"
import {reason} from "../reasons.ts"
import * as kinds from "../snapshot/kinds.ts"
import {refOf} from "../snapshot/object.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"
import {portHazards} from "./port-hazards.ts"
import {routeHazards} from "./route-hazards.ts"

/** Where ztunnels meet each other, Cilium's as well as Istio's. */
const hbone = 15008

export function hazards(snapshot: Snapshot, move: Move): readonly Reason[] {
	const {namespace} = move
	return [
		...idleHazards(snapshot, namespace),
		...lostMeshHazards(snapshot, namespace),
		...plaintextHazards(snapshot, move),
		...routeHazards(snapshot, move),
		...proxyHazards(snapshot, namespace),
		...enforcementHazards(snapshot, namespace),
		...(isZtunnelEnrolled(snapshot, namespace) ? portHazards(snapshot, namespace, hbone) : []),
	]
}

function idleHazards(snapshot: Snapshot, namespace: string): readonly Reason[] {
	if (dutiesIn(snapshot, namespace).length > 0) return []
	const message = `Nothing asks Cilium to do more for ${namespace} than being its network.`
	return [reason("NoMeshDuty", {message})]
}

/** Kinds of Istio's that change its proxies by hand, and that no other reason speaks of. */
const patches = ["EnvoyFilter", "WasmPlugin", "TrafficExtension"]

/**
 * What a mesh enforces or routes for the namespace now, and Cilium does not read. The namespace's own policies always
 * count; those of elsewhere only where that mesh holds its pods.
 */
export function lostMeshHazards(snapshot: Snapshot, namespace: string): readonly Reason[] {
	const {istio} = heldBy(snapshot, namespace)
	const protection = protectionLostOutsideIstio(snapshot, namespace)
	const patched = istioFeatures(snapshot, namespace).uses.filter(({object}) => patches.includes(object.kind))
	const objects = [...new Set(patched.map(({object}) => refOf(object)))]
	return [
		...protection.filter(({object}) => istio || object?.split("/")[1] === namespace),
		...(istio ? settingsLostOutsideIstio(snapshot, namespace) : []),
		...(istio ? objects : []).map((object) =>
			reason("IstioRoutingNotRead", {object, message: `${object} is read by Istio alone.`}),
		),
		...policiesLostWhenLeaving(snapshot, namespace),
	]
}

function plaintextHazards(snapshot: Snapshot, {namespace, uses = []}: Move): readonly Reason[] {
	if (isZtunnelEnrolled(snapshot, namespace)) return []
	const strict = uses.find(({name}) => name === "MTLSStrict")
	return [
		...(strict === undefined
			? []
			: [
					reason("CiliumMTLSNotEnrolled", {
						message: `Strict mTLS is asked for by ${strict.usedBy.join(", ")}, and ${namespace} is not enrolled in Cilium's ztunnel.`,
					}),
				]),
		...mTLSGivenUp(snapshot, namespace),
	]
}

/** Pods that a mesh gives mTLS now, whether anything demands it or not. */
export function mTLSGivenUp(snapshot: Snapshot, namespace: string): readonly Reason[] {
	const meshed = snapshot.list(kinds.Pod, namespace).filter(hasMeshMTLS).length
	if (meshed === 0) return []
	const message = `A mesh gives mTLS to ${plural(meshed, "pod")} of ${namespace}; on the network alone they would have none.`
	return [reason("WorkloadMTLSGivenUp", {message})]
}

function proxyHazards(snapshot: Snapshot, namespace: string): readonly Reason[] {
	if (ciliumConfig(snapshot)?.["enable-l7-proxy"] !== "false") return []
	return policiesFor(snapshot, namespace)
		.filter(({rules}) => rules.some(({clauses}) => clauses.some(({l7}) => l7.length > 0)))
		.map(({object}) => {
			const message = `${refOf(object)} has rules for a proxy, and Cilium runs with enable-l7-proxy: false.`
			return reason("CiliumL7ProxyOff", {object: refOf(object), message})
		})
}

function enforcementHazards(snapshot: Snapshot, namespace: string): readonly Reason[] {
	const config = ciliumConfig(snapshot)
	const off =
		config?.["enable-policy"] === "never"
			? "enable-policy: never"
			: isOn(config, "policy-audit-mode") && "policy-audit-mode: true"
	if (!off) return []
	return policiesFor(snapshot, namespace).map(({object}) => {
		const message = `${refOf(object)} is not enforced: Cilium runs with ${off}.`
		return reason("CiliumPolicyNotEnforced", {object: refOf(object), message})
	})
}
