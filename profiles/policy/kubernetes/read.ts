import {labelSelectorAt} from "../../apis/label-selector.ts"
import type {Field} from "../../apis/read.ts"
import {reader} from "../../apis/use.ts"
import {kindIdOf, NetworkPolicy} from "../../snapshot/kinds.ts"
import type {KubeObject} from "../../snapshot/object.ts"
import type {LabelSelector} from "../../snapshot/shapes.ts"
import {isBlock} from "../blocks.ts"
import {refuseOthers} from "../known-fields.ts"
import type {Protocol} from "../request.ts"

/** Pods by their labels and those of their namespace, or addresses. Both selectors absent stand for a block. */
export type Peer = {
	readonly pods?: LabelSelector
	readonly namespaces?: LabelSelector
	readonly block?: {readonly cidr: string; readonly except: readonly string[]}
}
export type PortRule = {
	readonly protocol: Protocol
	/** The first and the last, or the name of a port of the pod that is called; absent for all of them. */
	readonly port?: string | readonly [first: number, last: number]
}
export type NetworkRule = {
	/** Undefined for everyone. */
	readonly peers: readonly Peer[] | undefined
	/** Undefined for every port of every protocol. */
	readonly ports: readonly PortRule[] | undefined
}
/** `ingress` and `egress` are undefined where the policy leaves that direction alone. */
export type NetworkPolicyView = {
	readonly name: string
	readonly namespace: string
	readonly selector: LabelSelector
	readonly ingress: readonly NetworkRule[] | undefined
	readonly egress: readonly NetworkRule[] | undefined
	/** As they are written, whether `policyTypes` lets them count or not: not every network asks it. */
	readonly rules: Readonly<Record<"ingress" | "egress", readonly NetworkRule[]>>
}

const types = ["Ingress", "Egress"] as const
const protocols = ["TCP", "UDP", "SCTP"] as const

/**
 * A NetworkPolicy as its API defines it. What these evaluators do not understand is a fault: an unknown field, an IPv6
 * block.
 * Source: https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/
 */
export const readNetworkPolicy = reader((spec, object): NetworkPolicyView => {
	refuseOthers(spec, ["podSelector", "policyTypes", "ingress", "egress"])
	const listed = spec
		.at("policyTypes")
		.items()
		.map((one) => one.word(types))
	const egress = spec.at("egress")
	const restricts = (type: (typeof types)[number]) =>
		listed.length > 0 ? listed.includes(type) : type === "Ingress" || egress.present
	const rules = {ingress: rulesOf(spec.at("ingress"), "from"), egress: rulesOf(egress, "to")}
	return {
		name: object.metadata.name,
		namespace: object.metadata.namespace ?? "",
		selector: labelSelectorAt(spec.at("podSelector")),
		ingress: restricts("Ingress") ? rules.ingress : undefined,
		egress: restricts("Egress") ? rules.egress : undefined,
		rules,
	}
})

const rulesOf = (field: Field, peers: "from" | "to"): readonly NetworkRule[] =>
	field.items().map((rule) => {
		refuseOthers(rule, [peers, "ports"])
		return {
			peers: filled(rule.at(peers))?.map(peerOf),
			ports: filled(rule.at("ports"))?.map(portOf),
		}
	})

/** An empty list says as little as an absent one. */
function filled(field: Field): readonly Field[] | undefined {
	const items = field.items()
	return items.length === 0 ? undefined : items
}

function peerOf(peer: Field): Peer {
	refuseOthers(peer, ["podSelector", "namespaceSelector", "ipBlock"])
	const [pods, namespaces, block] = [peer.at("podSelector"), peer.at("namespaceSelector"), peer.at("ipBlock")]
	refuseOthers(block, ["cidr", "except"])
	const cidr = checked(block.at("cidr"))
	return {
		...(pods.present ? {pods: labelSelectorAt(pods)} : {}),
		...(namespaces.present ? {namespaces: labelSelectorAt(namespaces)} : {}),
		...(cidr === undefined
			? {}
			: {
					block: {
						cidr,
						except: block
							.at("except")
							.items()
							.flatMap((one) => checked(one) ?? []),
					},
				}),
	}
}

function checked(field: Field): string | undefined {
	const text = field.text()
	if (text !== undefined && !isBlock(text)) field.word([])
	return text
}

function portOf(field: Field): PortRule {
	refuseOthers(field, ["port", "endPort", "protocol"])
	const protocol = field.at("protocol").word(protocols) ?? "TCP"
	const port = field.at("port")
	if (!port.present) return {protocol}
	if (port.isText) return {protocol, port: port.text() ?? ""}
	const first = port.integer() ?? 0
	return {protocol, port: [first, field.at("endPort").integer() ?? first]}
}

/** The NetworkPolicies among objects of any kind. */
export const networkPoliciesIn = (objects: readonly KubeObject[]): readonly NetworkPolicyView[] =>
	objects
		.filter((object) => kindIdOf(object) === NetworkPolicy.id)
		.map((object) => readNetworkPolicy(object).value)
