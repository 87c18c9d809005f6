import {hasLinkerdProxy, startedWith} from "../../apis/linkerd/pods.ts"
import {inboundPolicy, ownDefault} from "../../apis/linkerd/policy.ts"
import {annotationOf, hasEnded} from "../../pods.ts"
import {type AccessPolicy, accessPolicies} from "../../policy/linkerd/read.ts"
import {Namespace, Pod} from "../../snapshot/kinds.ts"
import type {StringMap} from "../../snapshot/object.ts"
import type {PodTemplate} from "../../snapshot/shapes.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"
import {templatesIn} from "../../workloads.ts"
import {lastingLabels} from "../pod-shapes.ts"

/** What Linkerd does for the pods of one workload on ports without a Server. */
export type Inbound = {
	/** Some of them have Linkerd's proxy. */
	readonly present: boolean
	/** The same, or no pod is there yet to tell. */
	readonly governed: boolean
	/** The strictest, where pods differ. */
	readonly policy: AccessPolicy
	/** Pods that were made at different times go by different policies. */
	readonly mixed?: boolean
	/** Why nobody can say what it is. */
	readonly problem?: string
}

const requireIdentity = "config.linkerd.io/proxy-require-identity-inbound-ports"

/**
 * What running pods go by counts, not what their namespace says now: the injector copies its annotation into the pod,
 * and gives the proxy the policy as a variable, Linkerd's own default among them. Source: linkerd2:pkg/inject/inject.go
 * AppendNamespaceAnnotations; charts/partials/templates/_proxy.tpl; policy-controller/k8s/index/src/inbound/index.rs
 * default_inbound_server
 */
export function inboundIn(snapshot: Snapshot, namespace: string): (labels: StringMap) => Inbound {
	const byShape = Map.groupBy(
		snapshot.list(Pod, namespace).filter((pod) => !hasEnded(pod)),
		({metadata}) => keyOf(metadata.labels),
	)
	const templates = new Map(
		templatesIn(snapshot, namespace).map(({template}) => [keyOf(template.metadata?.labels), template]),
	)
	return (labels) => {
		const key = JSON.stringify(sorted(labels))
		const pods = byShape.get(key) ?? []
		const captured = pods.filter(hasLinkerdProxy)
		const present = captured.length > 0
		const governed = present || pods.length === 0
		if (!governed) return {present, governed, policy: "deny"}
		const template = templates.get(key)
		const told = present
			? captured.map(ofPod)
			: [ofTemplate(snapshot, namespace, template) ?? ownDefault(snapshot)]
		const asking = template === undefined ? captured : [...captured, template]
		return {present, governed, ...weighed(told), ...identityProblem(asking)}
	}
}

const keyOf = (labels: StringMap = {}): string => JSON.stringify(sorted(lastingLabels(labels)))

const sorted = (labels: StringMap) => Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))

const ofPod = (pod: PodTemplate): string | undefined => annotationOf(pod, inboundPolicy) ?? startedWith(pod)

function ofTemplate(snapshot: Snapshot, name: string, template: PodTemplate | undefined): string | undefined {
	const namespace = snapshot.get(Namespace, name)
	return (
		(template && annotationOf(template, inboundPolicy)) ??
		(namespace && annotationOf(namespace, inboundPolicy))
	)
}

const strictness = (policy: AccessPolicy): number =>
	policy === "deny" ? 2 : policy.endsWith("-authenticated") ? 1 : 0

function weighed(told: readonly (string | undefined)[]): Pick<Inbound, "policy" | "mixed" | "problem"> {
	const known = told.filter((one): one is AccessPolicy => accessPolicies.some((policy) => policy === one))
	if (known.length < told.length)
		return {policy: "deny", problem: "neither a pod nor its proxy says what its inbound policy is"}
	const [policy = "deny"] = known.toSorted((a, b) => strictness(b) - strictness(a))
	if (known.some((one) => one.startsWith("cluster-")))
		return {policy, problem: `the inbound policy ${policy} goes by Linkerd's list of the cluster's networks`}
	return {policy, ...(known.some((one) => one !== policy) ? {mixed: true} : {})}
}

function identityProblem(pods: readonly PodTemplate[]): Pick<Inbound, "problem"> {
	return pods.some((pod) => annotationOf(pod, requireIdentity) !== undefined)
		? {problem: `${requireIdentity} says more of some ports`}
		: {}
}
