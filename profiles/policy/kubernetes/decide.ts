import {contains} from "../../apis/kubernetes/cidr.ts"
import {selects} from "../../pods.ts"
import type {StringMap} from "../../snapshot/object.ts"
import {allow, type Callee, type Caller, type Decision, deny, isPortNamed, type Request} from "../request.ts"
import type {NetworkPolicyView, NetworkRule, Peer, PortRule} from "./read.ts"

type End = Pick<Caller | Callee, "namespace" | "labels" | "namespaceLabels" | "outside" | "ip">

/** Kubernetes' own label of every namespace. */
const spaceLabels = ({
	namespace,
	namespaceLabels,
}: Pick<End, "namespace" | "namespaceLabels">): StringMap => ({
	...namespaceLabels,
	"kubernetes.io/metadata.name": namespace,
})

function isPeer({pods, namespaces, block}: Peer, end: End, home: string): boolean {
	if (block !== undefined)
		return contains(block.cidr, end.ip) && !block.except.some((one) => contains(one, end.ip))
	if (end.outside !== undefined) return false
	const space = namespaces === undefined ? end.namespace === home : selects(namespaces, spaceLabels(end))
	return space && (pods === undefined || selects(pods, end.labels))
}

function isOnPort({protocol, port}: PortRule, {destination, protocol: used = "TCP"}: Request): boolean {
	if (protocol !== used) return false
	if (port === undefined) return true
	if (typeof port === "string") return isPortNamed(port, destination)
	const [first, last] = port
	return first <= destination.port && destination.port <= last
}

const holds = ({peers, ports}: NetworkRule, end: End, home: string, request: Request): boolean =>
	(peers === undefined || peers.some((one) => isPeer(one, end, home))) &&
	(ports === undefined || ports.some((one) => isOnPort(one, request)))

type Way = {
	readonly direction: "ingress" | "egress"
	/** The pod that is selected, and the other end. */
	readonly own: End
	readonly other: End
}

function decideOneWay(policies: readonly NetworkPolicyView[], request: Request, way: Way): Decision {
	const {direction, own, other} = way
	if (own.outside !== undefined) return allow("no pod that a policy could select")
	const here = policies.filter(
		(one) =>
			one[direction] !== undefined && one.namespace === own.namespace && selects(one.selector, own.labels),
	)
	if (here.length === 0) return allow(`no policy restricts ${direction}`)
	// A pod and its own node always reach each other.
	if (other.outside === "node") return allow("its own node")
	for (const one of here) {
		const index = (one[direction] ?? []).findIndex((rule) => holds(rule, other, one.namespace, request))
		if (index >= 0) return allow(`NetworkPolicy/${one.namespace}/${one.name} ${direction} rule ${index}`)
	}
	return deny(`no ${direction} rule admits it`)
}

/** What policies of the called pod's namespace say. */
export const decideIngress = (policies: readonly NetworkPolicyView[], request: Request): Decision =>
	decideOneWay(policies, request, {direction: "ingress", own: request.destination, other: request.source})

/** What policies of the calling pod's namespace say. */
const decideEgress = (policies: readonly NetworkPolicyView[], request: Request): Decision =>
	decideOneWay(policies, request, {direction: "egress", own: request.source, other: request.destination})

/**
 * Decides as a network that enforces NetworkPolicies does: the caller's have to let it out, and the callee's let it in.
 * Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export function decideByNetworkPolicies(policies: readonly NetworkPolicyView[], request: Request): Decision {
	const out = decideEgress(policies, request)
	return out.verdict === "deny" ? out : decideIngress(policies, request)
}
