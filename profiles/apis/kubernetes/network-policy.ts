import {selects} from "../../pods.ts"
import type {Reason} from "../../reason.ts"
import * as kinds from "../../snapshot/kinds.ts"
import type {LabelSelector, NetworkPolicy, PodTemplate, Probe} from "../../snapshot/shapes.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"
import {podLabelsIn, strangersIn, type Templated, templatesIn} from "../../workloads.ts"
import {labelSelectorAt} from "../label-selector.ts"
import {type Field, type Reading, unreadable} from "../read.ts"
import {reader} from "../use.ts"
import {contains} from "./cidr.ts"

export type Direction = "ingress" | "egress"

/** A NetworkPolicy that admits ports of the application and not the one by which a dataplane carries them. */
export type ClosedPort = {readonly policy: NetworkPolicy; readonly direction: Direction}

type Ports = {readonly from: number; readonly to: number}
export type Rule = {
	/** The peers in a canonical form: the same text for the same peers. */
	readonly peers: string
	readonly everyone: boolean
	/** Some peer is inside of the cluster, as far as the rule tells. */
	readonly inside: boolean
	readonly cidrs: readonly string[]
	/** Peers that are pods, by their labels and by those of their namespace; without the latter in the policy's own. */
	readonly pods: readonly {readonly pod: LabelSelector; readonly namespace?: LabelSelector}[]
	/** TCP ports that it admits by number; undefined for all of them. */
	readonly tcp: readonly Ports[] | undefined
	/** It admits a TCP port other than that of DNS, maybe by the name of a container's port. */
	readonly carriesTraffic: boolean
}
type Scoped = {readonly policy: NetworkPolicy; readonly rules: readonly Rule[]}

/**
 * The policies of a namespace that would cut its pods off from peers which reach them, or are reached, on this TCP
 * port instead of the application's own (15008 for HBONE, 4143 for Linkerd). A rule is covered when some rule for
 * the same pods admits the port for the same peers, or for everyone.
 */
export function closesPort(snapshot: Snapshot, namespace: string, port: number): readonly ClosedPort[] {
	return closingRules(snapshot, namespace, port)
		.filter(
			({policy, direction}, index, all) =>
				all.findIndex((one) => one.policy === policy && one.direction === direction) === index,
		)
		.map(({policy, direction}) => ({policy, direction}))
}

/** The same, rule by rule. */
export function closingRules(
	snapshot: Snapshot,
	namespace: string,
	port: number,
): readonly (ClosedPort & {readonly rule: Rule})[] {
	const policies = policiesInForce(snapshot, namespace)
	return (["ingress", "egress"] as const).flatMap((direction) =>
		closing(policies, direction, port).map((one) => ({...one, direction})),
	)
}

/** Those that select a pod which is there or will be. */
export function policiesInForce(snapshot: Snapshot, namespace: string): readonly NetworkPolicy[] {
	const all = snapshot.list(kinds.NetworkPolicy, namespace)
	if (all.length === 0) return all
	const labels = podLabelsIn(snapshot, namespace)
	return all.filter(({spec}) => labels.some((one) => selects(spec?.podSelector, one)))
}

/** Those in force of which nobody knows what they admit. */
export function unreadablePolicies(snapshot: Snapshot, namespace: string): readonly Reason[] {
	return policiesInForce(snapshot, namespace).flatMap((policy) => {
		const faults = [...readRules(policy, "ingress").faults, ...readRules(policy, "egress").faults]
		return faults.length === 0 ? [] : [unreadable(policy, faults)]
	})
}

/** Workloads whose probes would be refused if the kubelet's came from this IPv4 address, with what refuses them. */
export function refusesProbesFrom(
	snapshot: Snapshot,
	namespace: string,
	address: string,
): readonly {readonly workload: Templated; readonly policies: readonly NetworkPolicy[]}[] {
	const inForce = policiesInForce(snapshot, namespace)
	if (inForce.length === 0) return []
	const all = [...templatesIn(snapshot, namespace), ...strangersIn(snapshot, namespace, "istio-proxy")]
	const probed = all.filter(({template}) => hasNetworkProbe(template))
	return probed.flatMap((workload) => {
		const labels = workload.template.metadata?.labels ?? {}
		const policies = inForce.filter(
			(policy) => restricts(policy, "ingress") && selects(policy.spec?.podSelector, labels),
		)
		const rules = policies.flatMap((policy) => readRules(policy, "ingress").value)
		const admitted = rules.some(
			({everyone, cidrs}) => everyone || cidrs.some((cidr) => contains(cidr, address)),
		)
		return policies.length === 0 || admitted ? [] : [{workload, policies}]
	})
}

function closing(
	policies: readonly NetworkPolicy[],
	direction: Direction,
	port: number,
): readonly {readonly policy: NetworkPolicy; readonly rule: Rule}[] {
	const scoped = policies
		.filter((policy) => restricts(policy, direction))
		.map((policy) => ({policy, rules: readRules(policy, direction).value}))
	return scoped.flatMap(({policy, rules}) =>
		rules
			.filter(
				(rule) =>
					rule.carriesTraffic &&
					rule.inside &&
					!admits(rule, port) &&
					!isCovered(rule, {policy, all: scoped, port}),
			)
			.map((rule) => ({policy, rule})),
	)
}

function isCovered(
	rule: Rule,
	{policy, all, port}: {policy: NetworkPolicy; all: readonly Scoped[]; port: number},
): boolean {
	const selector = (one: NetworkPolicy) => JSON.stringify(one.spec?.podSelector ?? {})
	const same = all.filter((one) => ["{}", selector(policy)].includes(selector(one.policy)))
	return same.some(({rules}) =>
		rules.some((one) => admits(one, port) && (one.everyone || one.peers === rule.peers)),
	)
}

export const admits = ({tcp}: Rule, port: number): boolean =>
	tcp === undefined || tcp.some(({from, to}) => from <= port && port <= to)

export function restricts({spec}: NetworkPolicy, direction: Direction): boolean {
	const types = spec?.policyTypes
	if (Array.isArray(types) && types.length > 0)
		return types.includes(direction === "ingress" ? "Ingress" : "Egress")
	return direction === "ingress" || spec?.egress !== undefined
}

const readers = {
	ingress: reader((spec) => rulesOf(spec.at("ingress"), "from")),
	egress: reader((spec) => rulesOf(spec.at("egress"), "to")),
}

export const readRules = (policy: NetworkPolicy, direction: Direction): Reading<readonly Rule[]> =>
	readers[direction](policy)

function rulesOf(rules: Field, peersName: "from" | "to"): readonly Rule[] {
	return rules.items().map((rule) => {
		const peers = rule.at(peersName).items()
		const ports = rule.at("ports").items()
		const tcp = ports.filter((port) => (port.at("protocol").text() ?? "TCP") === "TCP")
		const all = ports.length === 0 || tcp.some((port) => !port.at("port").present)
		return {
			peers: JSON.stringify(peers.map((peer) => peer.canonical()).sort()),
			everyone: peers.length === 0,
			inside: peers.length === 0 || peers.some((peer) => !peer.at("ipBlock").present),
			cidrs: peers.flatMap((peer) => peer.at("ipBlock").at("cidr").text() ?? []),
			pods: peers.filter((peer) => !peer.at("ipBlock").present).map(podsAt),
			tcp: all ? undefined : tcp.flatMap(numbered),
			carriesTraffic: ports.length === 0 || tcp.some((port) => portNumber(port) !== dns),
		}
	})
}

function podsAt(peer: Field): Rule["pods"][number] {
	const namespace = peer.at("namespaceSelector")
	const pod = labelSelectorAt(peer.at("podSelector"))
	return namespace.present ? {pod, namespace: labelSelectorAt(namespace)} : {pod}
}

const dns = 53

/** A named port is one of a container of the application, never that of a dataplane. */
function portNumber(port: Field): number | undefined {
	const value = port.at("port")
	return value.isText ? undefined : value.integer()
}

function numbered(port: Field): readonly Ports[] {
	const from = portNumber(port)
	return from === undefined ? [] : [{from, to: port.at("endPort").integer() ?? from}]
}

/** An exec probe does not cross the network. */
function hasNetworkProbe({spec}: PodTemplate): boolean {
	const overNetwork = (probe: Probe | undefined) => probe !== undefined && probe.exec === undefined
	return (spec?.containers ?? []).some((one) =>
		[one.readinessProbe, one.livenessProbe, one.startupProbe].some(overNetwork),
	)
}
