import type {LabelSelector} from "../../snapshot/shapes.ts"
import type {NetworkPolicyView, NetworkRule, Peer} from "../kubernetes/read.ts"
import {namespaceLabel, spaceLabelPrefix} from "./identity.ts"
import type {CiliumPeers, CiliumPolicy, CiliumRule, Direction} from "./read.ts"

/**
 * A NetworkPolicy as Cilium reads it: in one with its own, so that what one of them admits is admitted. Its blocks of
 * addresses admit no pod, and rules count also where `policyTypes` leaves them out.
 * Source: cilium:pkg/k8s/network_policy.go (ParseNetworkPolicy)
 */
export function asCiliumPolicy({
	name,
	namespace,
	selector,
	rules,
	...restricted
}: NetworkPolicyView): CiliumPolicy {
	const closes = (direction: Direction) => restricted[direction] !== undefined || rules[direction].length > 0
	return {
		kind: "NetworkPolicy",
		name,
		namespace,
		selector,
		allow: {
			ingress: rules.ingress.map((rule) => ruleOf(rule, namespace)),
			egress: rules.egress.map((rule) => ruleOf(rule, namespace)),
		},
		deny: {ingress: [], egress: []},
		closes: {ingress: closes("ingress"), egress: closes("egress")},
	}
}

const ruleOf = ({peers, ports}: NetworkRule, home: string): CiliumRule => ({
	peers: peers && peersOf(peers, home),
	toPorts: ports && [{ports, http: undefined}],
	idle: false,
})

const peersOf = (peers: readonly Peer[], home: string): CiliumPeers => ({
	endpoints: peers.flatMap((peer) => (peer.block === undefined ? [selectorOf(peer, home)] : [])),
	blocks: peers.flatMap(({block}) => block ?? []),
})

function selectorOf({pods, namespaces}: Peer, home: string): LabelSelector {
	if (namespaces === undefined) return {...pods, matchLabels: {...pods?.matchLabels, [namespaceLabel]: home}}
	const prefixed = (key: string) => `${spaceLabelPrefix}${key}`
	return {
		matchLabels: {
			...pods?.matchLabels,
			...Object.fromEntries(
				Object.entries(namespaces.matchLabels ?? {}).map(([key, value]) => [prefixed(key), value]),
			),
		},
		matchExpressions: [
			...(pods?.matchExpressions ?? []),
			...(namespaces.matchExpressions ?? []).map((one) => ({...one, key: prefixed(one.key)})),
			// Also without a condition it means pods of every namespace.
			{key: namespaceLabel, operator: "Exists" as const, values: []},
		],
	}
}
