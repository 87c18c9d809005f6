import {selects} from "../../pods.ts"
import type {StringMap} from "../../snapshot/object.ts"
import type {LabelSelector} from "../../snapshot/shapes.ts"
import {allow, type Caller, type Decision, deny, type Request} from "../request.ts"
import type {CiliumPolicy, HTTPRule, IngressRule, PortRule} from "./read.ts"

export const namespaceLabel = "io.kubernetes.pod.namespace"
export const accountLabel = "io.cilium.k8s.policy.serviceaccount"

/** Cilium's identity of a pod: its labels, with its namespace and its service account among them. */
const labelsOf = ({
	labels,
	namespace,
	serviceAccount,
}: Pick<Caller, "labels" | "namespace" | "serviceAccount">) => ({
	...labels,
	[namespaceLabel]: namespace,
	[accountLabel]: serviceAccount,
})

const unprefixed = (key: string) => key.replace(/^(k8s|any)[:.]/, "")

/** A selector of a namespaced policy means its own namespace, unless it speaks of namespaces itself. */
function matches(selector: LabelSelector, labels: StringMap, home: string): boolean {
	const own = Object.entries(selector.matchLabels ?? {}).map(
		([key, value]) => [unprefixed(key), value] as const,
	)
	const expressions = (selector.matchExpressions ?? []).map((one) => ({...one, key: unprefixed(one.key)}))
	const anywhere = [...own.map(([key]) => key), ...expressions.map(({key}) => key)].some(
		(key) => key === namespaceLabel || key.startsWith("io.cilium.k8s.namespace.labels."),
	)
	const matchLabels = {...(anywhere ? {} : {[namespaceLabel]: home}), ...Object.fromEntries(own)}
	return selects({matchLabels, matchExpressions: expressions}, labels)
}

function admitsCaller({endpoints, entities}: IngressRule, {source}: Request, home: string): boolean {
	if (endpoints === undefined && entities === undefined) return true
	const labels = labelsOf(source)
	return (
		(endpoints ?? []).some((selector) => matches(selector, labels, home)) ||
		(entities ?? []).some((entity) => entity === "all" || entity === "cluster")
	)
}

const isOnPort = ({ports}: PortRule, port: number): boolean =>
	ports === undefined || ports.some(([first, last]) => first <= port && port <= last)

/** Regular expressions of the whole text. */
const fits = (pattern: string | undefined, text: string): boolean =>
	pattern === undefined || new RegExp(`^(?:${pattern})$`).test(text)

const admitsHTTP = ({method, path, host}: HTTPRule, {http}: Request): boolean =>
	http !== undefined && fits(method, http.method) && fits(path, http.path) && fits(host, http.host)

function holds(rule: IngressRule, request: Request, home: string): boolean {
	if (rule.empty || !admitsCaller(rule, request, home)) return false
	const {toPorts} = rule
	if (toPorts === undefined) return true
	return toPorts.some(
		(one) =>
			isOnPort(one, request.destination.port) &&
			(one.http === undefined || one.http.some((http) => admitsHTTP(http, request))),
	)
}

/**
 * Decides as Cilium does at the pod: denials first, and pods that a policy closes admit what some rule admits. A
 * connection that is not HTTP is refused where only HTTP is admitted.
 * Source: https://docs.cilium.io/en/stable/security/policy/intro/
 */
export function decideAtCilium(policies: readonly CiliumPolicy[], request: Request): Decision {
	const {namespace, labels} = request.destination
	const here = policies.filter(
		(one) =>
			one.namespace === namespace &&
			matches(one.selector, {...labels, [namespaceLabel]: namespace}, namespace),
	)
	const find = (of: (one: CiliumPolicy) => readonly IngressRule[]) => {
		for (const one of here) {
			const index = of(one).findIndex((rule) => holds(rule, request, one.namespace))
			if (index >= 0) return `CiliumNetworkPolicy/${one.namespace}/${one.name} rule ${index}`
		}
		return undefined
	}
	const denied = find(({deny: rules}) => rules)
	if (denied !== undefined) return deny(denied)
	if (!here.some(({closes}) => closes)) return allow("no policy closes the pod")
	const admitted = find(({ingress}) => ingress)
	return admitted === undefined ? deny("no rule admits it") : allow(admitted)
}
