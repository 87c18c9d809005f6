import {contains} from "../../apis/kubernetes/cidr.ts"
import {allow, type Decision, deny, type Outside, type Request} from "../request.ts"
import {type End, identityOf, isPeerOf, isSubject} from "./identity.ts"
import {admitsHTTP, isOnPort} from "./ports.ts"
import type {CiliumPeers, CiliumPolicy, CiliumRule, Direction} from "./read.ts"

/** What an entity stands for; undefined among them is a pod. Entities that are neither pod, node nor world are nobody here. */
const entities: Readonly<Record<string, readonly (Outside | undefined)[]>> = {
	all: [undefined, "node", "other-node", "world"],
	cluster: [undefined, "node", "other-node"],
	"cluster-mesh": [undefined, "node", "other-node"],
	world: ["world"],
	"world-ipv4": ["world"],
	host: ["node"],
	"remote-node": ["other-node"],
}

type Peer = End & {readonly ip: string}

/** Addresses stand for what is outside of the cluster: pods and nodes go by their identities. */
function isPeer(
	{endpoints = [], entities: named = [], blocks = []}: CiliumPeers,
	peer: Peer,
	home: string | undefined,
) {
	const identity = identityOf(peer)
	return (
		endpoints.some((selector) => isPeerOf(selector, identity, home)) ||
		named.some((one) => entities[one]?.includes(peer.outside)) ||
		(peer.outside === "world" &&
			blocks.some(
				({cidr, except}) => contains(cidr, peer.ip) && !except.some((one) => contains(one, peer.ip)),
			))
	)
}

type Asked = {readonly policy: CiliumPolicy; readonly peer: Peer; readonly request: Request}

function holds({peers, toPorts, idle}: CiliumRule, {policy, peer, request}: Asked): boolean {
	if (idle || (peers !== undefined && !isPeer(peers, peer, policy.namespace))) return false
	return (
		toPorts === undefined ||
		toPorts.some(
			(one) =>
				isOnPort(one, request) &&
				(one.http === undefined || one.http.some((http) => admitsHTTP(http, request))),
		)
	)
}

type Way = {readonly direction: Direction; readonly own: End; readonly peer: Peer}

function decideOneWay(policies: readonly CiliumPolicy[], request: Request, way: Way): Decision {
	const {direction, own, peer} = way
	if (own.outside !== undefined) return allow("no pod that a policy could select")
	const identity = identityOf(own)
	const here = policies.filter(({selector, namespace}) => isSubject(selector, identity, namespace))
	const find = (of: "allow" | "deny") => {
		for (const policy of here) {
			const index = policy[of][direction].findIndex((rule) => holds(rule, {policy, peer, request}))
			const where = policy.namespace === undefined ? "" : `${policy.namespace}/`
			if (index >= 0) return `${policy.kind}/${where}${policy.name} ${direction} rule ${index}`
		}
		return undefined
	}
	const denied = find("deny")
	if (denied !== undefined) return deny(denied)
	if (!here.some(({closes}) => closes[direction])) return allow(`no policy closes the pod's ${direction}`)
	if (direction === "ingress" && peer.outside === "node") return allow("its own node")
	const admitted = find("allow")
	return admitted === undefined ? deny(`no ${direction} rule admits it`) : allow(admitted)
}

/** What policies say of what comes to the called pod. */
const decideIngressAtCilium = (policies: readonly CiliumPolicy[], request: Request): Decision =>
	decideOneWay(policies, request, {direction: "ingress", own: request.destination, peer: request.source})

/** What policies say of what leaves the calling pod. */
const decideEgressAtCilium = (policies: readonly CiliumPolicy[], request: Request): Decision =>
	decideOneWay(policies, request, {direction: "egress", own: request.source, peer: request.destination})

/**
 * Decides as Cilium does, at the pod that calls and at the one that is called: denials first, and pods that a policy
 * closes admit what some rule admits.
 * Source: https://docs.cilium.io/en/stable/security/policy/intro/
 */
export function decideAtCilium(policies: readonly CiliumPolicy[], request: Request): Decision {
	const out = decideEgressAtCilium(policies, request)
	return out.verdict === "deny" ? out : decideIngressAtCilium(policies, request)
}
