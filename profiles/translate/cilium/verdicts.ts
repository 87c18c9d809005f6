import type {Operation, Policy, Rule, Source} from "../../policy/istio/read.ts"
import {fieldsOf, type UsedField} from "../istio/fields.ts"
import type {FieldVerdict} from "../types.ts"
import {callerProblem, namesCallers} from "./callers.ts"
import type {ToCilium} from "./from-istio.ts"
import {headerOf, headerProblem, usesHTTP} from "./http.ts"

/** What becomes of each field of a policy of Istio's at Cilium. */
export function verdictsAtCilium(policy: Policy, input: ToCilium): readonly FieldVerdict[] {
	if (policy.targetRefs.length > 0)
		return [blocked("spec.targetRefs", "it is checked in a waypoint, and Cilium has none")]
	if (policy.action === "CUSTOM") return [blocked("spec.action", "Cilium asks no external authorizer")]
	if (policy.action === "AUDIT")
		return [{path: "spec.action", verdict: "dropped", note: "it denies nothing; Hubble logs every verdict"}]
	if (policy.action === "DENY" && !input.deniesAlone)
		return [
			blocked(
				"spec.action",
				"this Cilium would close the pods by it: it knows no enableDefaultDeny, or ignores it",
			),
		]
	return [
		{path: "spec.selector", verdict: "exact", note: "endpointSelector"},
		...policy.rules.flatMap((rule, index) => shapeProblems(rule, `spec.rules[${index}]`, input)),
		...fieldsOf(policy.rules).map((field) => verdictOf(field, policy, input)),
	]
}

const blocked = (path: string, note: string): FieldVerdict => ({path, verdict: "blocked", note})

/** What is wrong with how the fields of a rule stand together. */
function shapeProblems(
	{from, to, when}: Rule,
	path: string,
	{plainPorts}: ToCilium,
): readonly FieldVerdict[] {
	const byHeader = when.some((one) => headerOf(one) !== undefined)
	const reads = to.some(usesHTTP) || byHeader
	const partly = to.some(usesHTTP) && !to.every(usesHTTP) && !byHeader
	const aloud = ({ports}: Operation) => ports.any.length > 0
	return [
		...from.flatMap((source, at) =>
			usedOf(source).length === 1
				? []
				: [blocked(`${path}.from[${at}].source`, "callers named in several ways at once")],
		),
		...(reads && (to.length === 0 || !to.every(aloud))
			? [blocked(`${path}.to`, "Cilium looks at HTTP on ports that are named")]
			: []),
		...(partly
			? [
					blocked(
						`${path}.to`,
						"a connection that is not HTTP skips all of it, as it looks at HTTP somewhere",
					),
				]
			: []),
		...(reads && to.some(({ports}) => ports.any.some((port) => plainPorts.has(Number(port))))
			? [
					blocked(
						`${path}.to`,
						"a Service says that the port is no HTTP: Istio admits nothing there, and Cilium would",
					),
				]
			: []),
	]
}

const usedOf = (source: Source) => Object.values(source).filter(({any, none}) => any.length + none.length > 0)

function verdictOf(field: UsedField, policy: Policy, input: ToCilium): FieldVerdict {
	const {path, key, values} = field
	if (key === "ipBlocks") return addressVerdict(field, policy)
	if (values.none.length > 0) return blocked(path, "Cilium cannot say what must not match")
	const http = ["methods", "paths", "hosts"].includes(key) || headerOf({key}) !== undefined
	if (http && policy.action === "DENY") return blocked(path, "Cilium denies by callers and ports only")
	const wrong = values.any
		.map((value) => problemOf(key, value, policy, input))
		.find((note) => note !== undefined)
	if (wrong !== undefined) return blocked(path, wrong)
	if (namesCallers(key))
		return {path, verdict: "exact", note: "by labels, of service accounts whose pods are all in the mesh"}
	return {path, verdict: "exact", note: http ? "rules.http" : "toPorts"}
}

function problemOf(key: string, value: string, policy: Policy, input: ToCilium): string | undefined {
	if (key === "ports" || key === "methods" || key === "hosts") return undefined
	if (key === "paths")
		return value.includes("*") && !input.normalizesPaths
			? "the agent does not normalize paths, so that one may lead elsewhere than it begins"
			: undefined
	return headerOf({key}) === undefined ? callerProblem(key, value, policy, input) : headerProblem(value)
}

/** Cilium's rules about addresses hold for what is outside of the cluster: pods and nodes go by their labels. */
function addressVerdict({path, values}: UsedField, {action}: Policy): FieldVerdict {
	if (action === "DENY" || values.any.length === 0)
		return blocked(path, "Cilium compares no addresses of pods, and would let them through")
	return {
		path,
		verdict: "approximated",
		note: "fromCIDRSet, for callers outside of the cluster; pods and nodes within are no longer admitted by their address",
	}
}
