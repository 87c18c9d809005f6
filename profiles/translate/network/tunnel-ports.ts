import {contains} from "../../apis/kubernetes/cidr.ts"
import {selects} from "../../pods.ts"
import type {NetworkPolicyView, NetworkRule, PortRule} from "../../policy/kubernetes/read.ts"
import type {PodShape} from "../istio/behind.ts"

const dns = 53

const ofTCP = ({ports}: NetworkRule): readonly PortRule[] | undefined =>
	ports?.filter(({protocol}) => protocol === "TCP")

const isDNS = ({port}: PortRule): boolean => typeof port === "object" && port[0] === dns && port[1] === dns

const admitsPort = (rule: NetworkRule, port: number): boolean =>
	ofTCP(rule)?.some(
		({port: own}) => own === undefined || (typeof own === "object" && own[0] <= port && port <= own[1]),
	) ?? true

/** Addresses that pods usually have. Source: RFC 1918 and RFC 6598 */
const privateBlocks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"]

const mayHoldPods = (cidr: string): boolean =>
	privateBlocks.some(
		(one) => contains(one, cidr.split("/")[0] ?? "") || contains(cidr, one.split("/")[0] ?? ""),
	)

/** Whether pods may be among its peers: by selectors, or by addresses. */
export const speaksOf = ({peers}: NetworkRule): "pods" | "addresses" | "neither" => {
	if (peers === undefined || peers.some(({block}) => block === undefined)) return "pods"
	return peers.some(({block}) => block !== undefined && mayHoldPods(block.cidr)) ? "addresses" : "neither"
}

/** It admits TCP ports of the application to what may be pods, and not the one by which a mesh carries them. */
export const missesTunnel = (rule: NetworkRule, tunnel: number): boolean =>
	speaksOf(rule) !== "neither" &&
	(ofTCP(rule)?.some((port) => !isDNS(port)) ?? true) &&
	!admitsPort(rule, tunnel)

/** The TCP ports of a rule as numbers, in order; undefined where one of them is a range, or a name that the pod lacks. */
function numbersOf(rule: NetworkRule, {ports}: PodShape): readonly number[] | undefined {
	const found = (ofTCP(rule) ?? [{protocol: "TCP" as const}]).map(({port}) =>
		typeof port === "string" ? ports[port] : port !== undefined && port[0] === port[1] ? port[0] : undefined,
	)
	return found.some((one) => one === undefined)
		? undefined
		: [...new Set(found.flatMap((one) => one ?? []))].sort((a, b) => a - b)
}

/** What all policies together admit to a pod. */
const rulesFor = (policies: readonly NetworkPolicyView[], {labels}: PodShape): readonly NetworkRule[] =>
	policies.filter(({selector}) => selects(selector, labels)).flatMap(({ingress = []}) => ingress)

/** Some rule for these pods admits the port by its number. */
export const namesPort = (
	policies: readonly NetworkPolicyView[],
	pods: readonly PodShape[],
	port: number,
): boolean =>
	pods.some((pod) =>
		rulesFor(policies, pod).some(
			(rule) => ofTCP(rule)?.some((one) => one.port !== undefined) === true && admitsPort(rule, port),
		),
	)

/**
 * The TCP ports that everyone who is admitted to these pods is admitted to; undefined where some are admitted to more
 * than others. Only then a rule about ports alone keeps those who come through a tunnel to what they could reach.
 */
export function commonPorts(
	policies: readonly NetworkPolicyView[],
	pods: readonly PodShape[],
): readonly number[] | undefined {
	const all = pods.flatMap((pod) => rulesFor(policies, pod).map((rule) => numbersOf(rule, pod)))
	const [first, ...others] = all.filter((one) => one === undefined || one.length > 0)
	return others.every((one) => JSON.stringify(one) === JSON.stringify(first)) ? first : undefined
}
