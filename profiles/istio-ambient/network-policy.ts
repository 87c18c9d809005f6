import {type Field, type Reading, readSpec, unreadable} from "../apis/read.ts"
import {selects} from "../pods.ts"
import type {Reason} from "../reason.ts"
import {reason} from "../reasons.ts"
import * as kinds from "../snapshot/kinds.ts"
import {refOf} from "../snapshot/object.ts"
import type {NetworkPolicy, PodTemplate, Probe} from "../snapshot/shapes.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"
import {podLabelsIn, templatesIn} from "../workloads.ts"
import {contains} from "./cidr.ts"

const hbone = 15008
/** Ambient's address for the kubelet's probes. */
const probeAddress = "169.254.7.127"

type Direction = "ingress" | "egress"
type Rule = {
	readonly peers: string
	readonly everyone: boolean
	readonly hbone: boolean
	readonly tcp: boolean
	readonly inside: boolean
	readonly cidrs: readonly string[]
}
type Scoped = {readonly policy: NetworkPolicy; readonly rules: readonly Rule[]}

/**
 * Policies for ports of the application stop matching when traffic between enrolled pods arrives on 15008. A rule
 * is covered when some rule for the same pods admits 15008 for the same peers, or for everyone.
 */
export function networkPolicyHazards(snapshot: Snapshot, namespace: string): readonly Reason[] {
	const inForce = snapshot
		.list(kinds.NetworkPolicy, namespace)
		.filter(({spec}) => podLabelsIn(snapshot, namespace).some((labels) => selects(spec?.podSelector, labels)))
	return [
		...inForce.flatMap(faultsOf),
		...blocked(inForce, "ingress"),
		...blocked(inForce, "egress"),
		...probeHazards(snapshot, namespace, inForce),
	]
}

function faultsOf(policy: NetworkPolicy): readonly Reason[] {
	const faults = [...readRules(policy, "ingress").faults, ...readRules(policy, "egress").faults]
	return faults.length === 0 ? [] : [unreadable(policy, faults)]
}

function blocked(policies: readonly NetworkPolicy[], direction: Direction): readonly Reason[] {
	const scoped = policies
		.filter((policy) => restricts(policy, direction))
		.map((policy) => ({policy, rules: rulesOf(policy, direction)}))
	return scoped.flatMap(({policy, rules}) => {
		const open = rules.filter(
			(rule) => rule.tcp && rule.inside && !rule.hbone && !isCovered(rule, policy, scoped),
		)
		if (open.length === 0) return []
		const ref = refOf(policy)
		const whom = direction === "ingress" ? "from its callers" : "to what it calls"
		const message = `${ref} admits ports ${whom}, but not TCP ${hbone}, by which enrolled pods reach each other.`
		return [
			reason("NetworkPolicyBlocksHBONE", {
				object: ref,
				message,
				fix: `Admit TCP ${hbone} for the same peers.`,
			}),
		]
	})
}

function isCovered(rule: Rule, policy: NetworkPolicy, all: readonly Scoped[]): boolean {
	const selector = (one: NetworkPolicy) => JSON.stringify(one.spec?.podSelector ?? {})
	const same = all.filter((one) => ["{}", selector(policy)].includes(selector(one.policy)))
	return same.some(({rules}) => rules.some((one) => one.hbone && (one.everyone || one.peers === rule.peers)))
}

function restricts({spec}: NetworkPolicy, direction: Direction): boolean {
	const types = spec?.policyTypes
	if (Array.isArray(types) && types.length > 0)
		return types.includes(direction === "ingress" ? "Ingress" : "Egress")
	return direction === "ingress" || spec?.egress !== undefined
}

const rulesOf = (policy: NetworkPolicy, direction: Direction) => readRules(policy, direction).value

function readRules(policy: NetworkPolicy, direction: Direction): Reading<readonly Rule[]> {
	const peersName = direction === "ingress" ? "from" : "to"
	return readSpec(policy, (spec) =>
		spec
			.at(direction)
			.items()
			.map((rule) => {
				const peers = rule.at(peersName).items()
				const ports = rule.at("ports").items()
				const tcp = ports.filter((port) => (port.at("protocol").text() ?? "TCP") === "TCP")
				return {
					peers: JSON.stringify(peers.map((peer) => peer.canonical()).sort()),
					everyone: peers.length === 0,
					hbone: ports.length === 0 || tcp.some(admitsHBONE),
					tcp: ports.length === 0 || tcp.some((port) => !isDNS(port)),
					inside: peers.length === 0 || peers.some((peer) => !peer.at("ipBlock").present),
					cidrs: peers.flatMap((peer) => peer.at("ipBlock").at("cidr").text() ?? []),
				}
			}),
	)
}

/** A named port is one of a container of the application, never HBONE's. */
function portNumber(port: Field): number | undefined {
	const value = port.at("port")
	return value.isText ? undefined : value.integer()
}

function admitsHBONE(port: Field): boolean {
	if (!port.at("port").present) return true
	const first = portNumber(port)
	return first !== undefined && first <= hbone && hbone <= (port.at("endPort").integer() ?? first)
}

const isDNS = (port: Field) => portNumber(port) === 53

function probeHazards(
	snapshot: Snapshot,
	namespace: string,
	policies: readonly NetworkPolicy[],
): readonly Reason[] {
	const probed = templatesIn(snapshot, namespace).filter(({template}) => hasNetworkProbe(template))
	return probed.flatMap(({object, template}) => {
		const labels = template.metadata?.labels ?? {}
		const selecting = policies.filter(
			(policy) => restricts(policy, "ingress") && selects(policy.spec?.podSelector, labels),
		)
		const rules = selecting.flatMap((policy) => rulesOf(policy, "ingress"))
		if (
			selecting.length === 0 ||
			rules.some(({everyone, cidrs}) => everyone || cidrs.some((cidr) => contains(cidr, probeAddress)))
		)
			return []
		const message = `${selecting.map(refOf).join(", ")} would refuse the kubelet's probes of ${refOf(object)}, which come from ${probeAddress} in ambient.`
		return [
			reason("NetworkPolicyBlocksHBONE", {object: refOf(object), message, fix: `Admit ${probeAddress}/32.`}),
		]
	})
}

/** An exec probe does not cross the network. */
function hasNetworkProbe({spec}: PodTemplate): boolean {
	const overNetwork = (probe: Probe | undefined) => probe !== undefined && probe.exec === undefined
	return (spec?.containers ?? []).some((one) =>
		[one.readinessProbe, one.livenessProbe, one.startupProbe].some(overNetwork),
	)
}
