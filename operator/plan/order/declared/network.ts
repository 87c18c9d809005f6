import {readSelector} from "../../../../profiles/apis/cilium/identity.ts"
import {CiliumNetworkPolicy} from "../../../../profiles/apis/cilium/kinds.ts"
import {type Field, readSpec} from "../../../../profiles/apis/read.ts"
import * as kinds from "../../../../profiles/snapshot/kinds.ts"
import {type KubeObject, refOf} from "../../../../profiles/snapshot/object.ts"
import type {LabelSelector} from "../../../../profiles/snapshot/shapes.ts"
import type {Snapshot} from "../../../../profiles/snapshot/snapshot.ts"
import {matches} from "../../selector.ts"
import {anyone, type Claim, type Party} from "../claim.ts"

/** Pods that NetworkPolicies of Kubernetes and of Cilium admit as callers, or let call. */
export function claimsOfNetwork(snapshot: Snapshot, namespace: string): readonly Claim[] {
	return [
		...snapshot.list(kinds.NetworkPolicy, namespace).flatMap((object) => claimsOf(snapshot, object)),
		...snapshot.list(CiliumNetworkPolicy, namespace).flatMap(claimsOfCilium),
	]
}

function claimsOf(snapshot: Snapshot, object: KubeObject): readonly Claim[] {
	const namespace = object.metadata.namespace ?? ""
	const by = refOf(object)
	return readSpec(object, (spec): readonly Claim[] => {
		const selected = {namespace, labels: selectorOf(spec.at("podSelector"))}
		const types = spec.at("policyTypes").texts()
		const peers = (rule: Field, side: string) => {
			const items = rule.at(side).items()
			return items.length === 0 ? [anyone] : items.flatMap((peer) => partiesOf(snapshot, namespace, peer))
		}
		const ingress = spec.at("ingress").items()
		const egress = spec.at("egress").items()
		const restricts = types.length === 0 || types.includes("Ingress")
		return [
			...(restricts
				? [
						{
							callee: selected,
							callers: ingress.flatMap((rule) => peers(rule, "from")),
							gate: "network",
							by,
						} as const,
					]
				: []),
			...egress
				.flatMap((rule) => peers(rule, "to"))
				.filter((callee) => callee.namespace === namespace && callee.labels !== undefined)
				.map((callee) => ({callee, callers: [selected], by})),
		]
	}).value
}

function partiesOf(snapshot: Snapshot, own: string, peer: Field): readonly Party[] {
	if (peer.at("ipBlock").present) return [anyone]
	const pods = peer.at("podSelector")
	const labels = pods.present ? {labels: selectorOf(pods)} : {}
	const spaces = peer.at("namespaceSelector")
	if (!spaces.present) return [{namespace: own, ...labels}]
	const selector = selectorOf(spaces)
	if (isEverything(selector)) return [anyone]
	return snapshot
		.list(kinds.Namespace)
		.filter(({metadata}) => matches(selector, metadata.labels))
		.map(({metadata}) => ({namespace: metadata.name, ...labels}))
}

const isEverything = ({matchLabels = {}, matchExpressions = []}: LabelSelector): boolean =>
	Object.keys(matchLabels).length + matchExpressions.length === 0

/** Kubernetes' selectors are written as Cilium's are; only the keys of Cilium's may name a source. */
const selectorOf = readSelector

const space = "io.kubernetes.pod.namespace"
const accountKey = "io.cilium.k8s.policy.serviceaccount"

function claimsOfCilium(object: KubeObject): readonly Claim[] {
	const namespace = object.metadata.namespace ?? ""
	const by = refOf(object)
	return readSpec(object, (spec): readonly Claim[] => {
		if (!spec.present || spec.at("nodeSelector").present) return []
		const selected = partyOf(spec.at("endpointSelector"), namespace)
		const ingress = spec.at("ingress")
		const denies = spec.at("enableDefaultDeny").at("ingress").flag() !== false
		const peers = ingress.items().flatMap((rule) => {
			const known = rule.at("fromEndpoints").items()
			const others = rule.hasAny(["fromCIDR", "fromCIDRSet", "fromEntities", "fromGroups", "fromNodes"])
			return others || known.length === 0 ? [anyone] : known.map((one) => partyOf(one, namespace))
		})
		const callees = spec
			.at("egress")
			.items()
			.flatMap((rule) => rule.at("toEndpoints").items())
			.map((one) => partyOf(one, namespace))
			.filter((one) => one.namespace === namespace && one.labels !== undefined)
		return [
			...(ingress.present
				? [{callee: selected, callers: peers, ...(denies ? {gate: "network" as const} : {}), by}]
				: []),
			...callees.map((callee) => ({callee, callers: [selected], by})),
		]
	}).value
}

/** A selector without a namespace means the policy's own. */
function partyOf(field: Field, own: string): Party {
	const {matchLabels = {}, matchExpressions = []} = readSelector(field)
	const {[space]: named = own, [accountKey]: account, ...labels} = matchLabels
	if (matchExpressions.some(({key}) => key === space)) return anyone
	const selector = {matchLabels: labels, matchExpressions}
	return {
		namespace: named,
		...(account === undefined ? {} : {account}),
		...(isEverything(selector) ? {} : {labels: selector}),
	}
}
