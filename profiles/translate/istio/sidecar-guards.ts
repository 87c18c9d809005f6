import {selects} from "../../pods.ts"
import type {Policy, Rule} from "../../policy/istio/read.ts"
import {type Identity, principalOf} from "../../policy/request.ts"
import {type KubeObject, refOf, type StringMap} from "../../snapshot/object.ts"
import {owned} from "../owned.ts"
import {type FieldVerdict, nothingTranslated, type Translated} from "../types.ts"
import {isHeadless, podsOf, type Surroundings} from "./behind.ts"
import {fieldsOf} from "./fields.ts"
import {portsLedTo} from "./ports.ts"
import {sidecarPrefix} from "./sidecar-begun.ts"
import {movedToAmbient} from "./to-ambient.ts"

export type Guarding = Surroundings & {
	readonly namespace: string
	readonly waypoint: {readonly name: string; readonly identity: Identity}
	/** Every pod carries the label that ambient enrols by, so that a guard can be held back to those that stay. */
	readonly marked: boolean
}

/** A DENY of everyone but the waypoint. */
export function isGuard({action, rules, selector}: Policy, {waypoint}: Guarding): boolean {
	const [only, ...others] = rules
	if (action !== "DENY" || only === undefined || others.length > 0) return false
	const moved = Object.entries(movedToAmbient).every(([key, value]) => selector?.[key] === value)
	return !moved && isEveryoneBut(only, principalOf(waypoint.identity))
}

function isEveryoneBut(rule: Rule, principal: string): boolean {
	const [first, ...more] = fieldsOf([rule])
	return (
		more.length === 0 &&
		first?.key === "principals" &&
		first.values.any.length === 0 &&
		first.values.none.length === 1 &&
		first.values.none[0] === principal
	)
}

/** Pods that a guard selects and that one Service leads to, with the ports at which any does. */
type Served = {
	readonly service: string
	readonly selector: StringMap
	readonly ports: readonly (readonly string[])[]
}

function servedBehind({selector}: Policy, input: Guarding): readonly Served[] {
	const leading = input.services.filter(
		(one) => !isHeadless(one) && Object.keys(one.spec?.selector ?? {}).length > 0,
	)
	return leading.flatMap(({metadata, spec}) => {
		const pods = podsOf(selector, input).filter(({labels}) =>
			selects({matchLabels: spec?.selector ?? {}}, labels),
		)
		const ports = pods.map((pod) => portsLedTo(pod, leading))
		const both = {...selector, ...spec?.selector}
		return pods.length === 0 ? [] : [{service: metadata.name, selector: both, ports}]
	})
}

/** Why a guard cannot make room for what takes its place. */
function notKept(policy: Policy, served: readonly Served[], input: Guarding): string | undefined {
	if (policy.namespace !== input.namespace) return "it belongs to another namespace"
	if (!input.marked)
		return "pods without the label istio.io/dataplane-mode: ambient would lose it while others move; write the label into every template, or delete the guard once callers may come past the waypoint"
	const unserved = podsOf(policy.selector, input).some(
		({labels}) => !served.some(({selector}) => selects({matchLabels: selector}, labels)),
	)
	if (unserved) return "it also guards pods without a Service, for which nothing takes its place"
	const differing = served.find(({ports}) => new Set(ports.map((one) => one.join())).size > 1)
	return differing === undefined
		? undefined
		: `Services lead to pods of ${differing.service} at different ports, and one guard cannot tell them apart`
}

/**
 * A guard would refuse callers with sidecars: it stays with the pods that have not moved. What takes its place goes on
 * refusing who has no identity, and whoever calls a port that no Service leads to, of which the waypoint's policies say
 * nothing.
 */
export function keepGuard(object: KubeObject, policy: Policy, input: Guarding): Translated {
	const path = "spec.selector"
	const source = refOf(object)
	const served = servedBehind(policy, input)
	const note = notKept(policy, served, input)
	if (note !== undefined) {
		const fields: readonly FieldVerdict[] = [{path, verdict: "blocked", note}]
		return {...nothingTranslated, translations: [{source, verdict: "blocked", fields, objects: []}]}
	}
	const before = [
		owned({
			source: object,
			role: "stand-in",
			namespace: input.namespace,
			name: `heddle-stand-in-${policy.name}`,
			spec: {
				selector: {matchLabels: {...policy.selector, ...movedToAmbient}},
				action: "DENY",
				rules: (object as {spec?: {rules?: unknown}}).spec?.rules,
			},
		}),
		...served.map((one) => remainder(object, policy, one, input)),
	]
	const kept =
		"for pods that have not moved; then callers without identity, and ports without a Service, are refused as before"
	const fields: readonly FieldVerdict[] = [{path, verdict: "exact", note: kept}]
	return {
		...nothingTranslated,
		translations: [{source, verdict: "exact", fields, objects: before}],
		before,
		replaced: [source],
	}
}

function remainder(object: KubeObject, policy: Policy, served: Served, input: Guarding): KubeObject {
	const {service, selector, ports: [ports = []] = []} = served
	const waypoint = principalOf(input.waypoint.identity)
	return owned({
		source: object,
		role: "guard",
		namespace: input.namespace,
		name: `${sidecarPrefix}${policy.name}-${service}`,
		spec: {
			selector: {matchLabels: selector},
			action: "DENY",
			rules: [
				{from: [{source: {notPrincipals: ["*"]}}]},
				{
					from: [{source: {notPrincipals: [waypoint]}}],
					...(ports.length === 0 ? {} : {to: [{operation: {notPorts: ports}}]}),
				},
			],
		},
	})
}
