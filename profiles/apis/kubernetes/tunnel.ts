import {perSnapshot} from "../../memo.ts"
import {listed} from "../../names.ts"
import {selects} from "../../pods.ts"
import type {Reason} from "../../reason.ts"
import {reason} from "../../reasons.ts"
import * as kinds from "../../snapshot/kinds.ts"
import {refOf, type StringMap} from "../../snapshot/object.ts"
import type {NetworkPolicy, Pod} from "../../snapshot/shapes.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"
import {strangersIn, type Templated, templatesIn} from "../../workloads.ts"
import {
	admits,
	type ClosedPort,
	closingRules,
	policiesInForce,
	type Rule,
	readRules,
	restricts,
} from "./network-policy.ts"

/*
 * A mesh that carries every port of a pod by one: who is admitted to that port reaches all of them, whatever the other
 * rules of NetworkPolicies say.
 */

/** Policies that name the port of a tunnel, for peers that they do not admit to every port. */
export function opensTunnel(
	snapshot: Snapshot,
	namespace: string,
	port: number,
): readonly {readonly policy: NetworkPolicy; readonly rules: readonly Rule[]}[] {
	const scoped = policiesInForce(snapshot, namespace)
		.filter((policy) => restricts(policy, "ingress"))
		.map((policy) => ({policy, rules: readRules(policy, "ingress").value}))
	const everything = scoped.flatMap(({rules}) => rules).filter(({tcp}) => tcp === undefined)
	return scoped.flatMap(({policy, rules}) => {
		const opening = rules.filter(
			(rule) =>
				rule.tcp !== undefined &&
				admits(rule, port) &&
				!everything.some(({everyone, peers}) => everyone || peers === rule.peers),
		)
		return opening.length === 0 ? [] : [{policy, rules: opening}]
	})
}

/** Workloads that no policy lets call a namespace on all of these ports, with the policies that hold for them. */
export function cutOffFrom(
	snapshot: Snapshot,
	namespace: string,
	{space, ports, proxy}: {readonly space: string; readonly ports: readonly number[]; readonly proxy: string},
): readonly {readonly workload: Templated; readonly policies: readonly NetworkPolicy[]}[] {
	const inForce = policiesInForce(snapshot, namespace).filter((policy) => restricts(policy, "egress"))
	if (inForce.length === 0) return []
	const labels = labelsOf(snapshot, space)
	const all = [...templatesIn(snapshot, namespace), ...strangersIn(snapshot, namespace, proxy)]
	return all.flatMap((workload) => {
		const own = workload.template.metadata?.labels ?? {}
		const policies = inForce.filter(({spec}) => selects(spec?.podSelector, own))
		const rules = policies.flatMap((policy) => readRules(policy, "egress").value)
		// What stands behind an address nobody knows here: it may be the control plane.
		const leads = (rule: Rule) =>
			rule.everyone || rule.cidrs.length > 0 || meets(rule, {labels, isOwn: space === namespace})
		const reached = ports.every((port) => rules.some((rule) => leads(rule) && admits(rule, port)))
		return policies.length === 0 || reached ? [] : [{workload, policies}]
	})
}

const labelsOf = (snapshot: Snapshot, namespace: string): StringMap => ({
	"kubernetes.io/metadata.name": namespace,
	...snapshot.get(kinds.Namespace, namespace)?.metadata.labels,
})

/** Some pod of a namespace with these labels may be among the peers. */
function meets(
	{pods}: Rule,
	{labels, isOwn}: {readonly labels: StringMap; readonly isOwn: boolean},
): boolean {
	return pods.some(({namespace}) => (namespace === undefined ? isOwn : selects(namespace, labels)))
}

/** A peer of a rule that pods with these labels, of the policy's own namespace, are. */
export const meetsPods = ({everyone, pods}: Rule, labels: StringMap, own: StringMap): boolean =>
	everyone ||
	pods.some(
		({pod, namespace}) => selects(pod, labels) && (namespace === undefined || selects(namespace, own)),
	)

type Foreign = ClosedPort & {readonly rule: Rule; readonly namespace: string}

type Tunnel = {
	readonly port: number
	readonly inMesh: (pod: Pod) => boolean
	/** As a reader knows it. */
	readonly mesh: string
}

/**
 * Policies of other namespaces whose pods the mesh reaches by its tunnel, and that admit a namespace to ports of the
 * application, or its ports to their pods, without the tunnel's: as soon as both ends are in the mesh such calls are
 * dropped.
 */
export function closedToTunnelByPeers(
	snapshot: Snapshot,
	namespace: string,
	{port, inMesh, mesh}: Tunnel,
): readonly Reason[] {
	const labels = labelsOf(snapshot, namespace)
	const closed = foreignRules(snapshot)(port, inMesh).filter(
		(one) => one.namespace !== namespace && (one.rule.everyone || meets(one.rule, {labels, isOwn: false})),
	)
	if (closed.length === 0) return []
	const policies = listed([...new Set(closed.map(({policy}) => refOf(policy)))].sort())
	const message = `${policies} let pods of other namespaces that are in ${mesh} call ${namespace} or be called by it, but not by TCP ${port}.`
	return [reason("NetworkPolicyOfPeersBlocksTunnel", {message})]
}

/** Taken once for each mesh: most clusters have few such policies, and many namespaces ask. */
const foreignRules = perSnapshot((snapshot) => {
	const known = new Map<number, readonly Foreign[]>()
	return (port: number, inMesh: (pod: Pod) => boolean): readonly Foreign[] => {
		const found =
			known.get(port) ??
			[...new Set(snapshot.list(kinds.NetworkPolicy).map(({metadata}) => metadata.namespace ?? ""))]
				.filter((name) => snapshot.list(kinds.Pod, name).some(inMesh))
				.flatMap((name) => closingRules(snapshot, name, port).map((one) => ({...one, namespace: name})))
		known.set(port, found)
		return found
	}
})
