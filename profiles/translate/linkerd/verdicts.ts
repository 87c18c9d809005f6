import type {Policy, Rule, Source} from "../../policy/istio/read.ts"
import {fieldsOf, type UsedField} from "../istio/fields.ts"
import type {FieldVerdict} from "../types.ts"
import {accountFor, proving} from "./callers.ts"
import type {ToLinkerd} from "./from-istio.ts"
import {anyPath} from "./requests.ts"

/** What becomes of each field of a policy of Istio's at Linkerd. */
export function verdictsAtLinkerd(policy: Policy, input: ToLinkerd): readonly FieldVerdict[] {
	if (policy.targetRefs.length > 0)
		return [blocked("spec.targetRefs", "it is checked in a waypoint, and Linkerd has none")]
	if (policy.action === "CUSTOM") return [blocked("spec.action", "Linkerd asks no external authorizer")]
	if (policy.action === "AUDIT")
		return [
			{path: "spec.action", verdict: "dropped", note: "it denies nothing, and Linkerd logs by a Server"},
		]
	// A DENY without a rule denies nobody.
	if (policy.action === "DENY" && policy.rules.length > 0)
		return [blocked("spec.action", "Linkerd's policies only admit")]
	return [
		{
			path: "spec.selector",
			verdict: "exact",
			note: "a Server for each port that a Service, a container or a rule names; every other port is closed",
		},
		...policy.rules.flatMap((rule, index) => shapeProblems(rule, `spec.rules[${index}]`, input)),
		...fieldsOf(policy.rules).map((field) => verdictOf(field, policy, input)),
	]
}

const blocked = (path: string, note: string): FieldVerdict => ({path, verdict: "blocked", note})

const waysOf = (source: Source): number => proving.filter((key) => source[key].any.length > 0).length

function shapeProblems({from, to}: Rule, path: string, {plainPorts}: ToLinkerd): readonly FieldVerdict[] {
	const mixed = from.flatMap((source, at) =>
		waysOf(source) < 2
			? []
			: [blocked(`${path}.from[${at}].source`, "callers named in several ways at once")],
	)
	const plain = to.flatMap(({ports, methods, paths}, at) =>
		methods.any.length + paths.any.length > 0 &&
		plainPorts.size > 0 &&
		(ports.any.length === 0 || ports.any.some((port) => plainPorts.has(Number(port))))
			? [
					blocked(
						`${path}.to[${at}]`,
						"a Service says that a port is no HTTP: Istio admits nothing there, and Linkerd would",
					),
				]
			: [],
	)
	return [...mixed, ...plain]
}

/** What may stand in a rule as what must not match. */
const negatable: readonly string[] = ["ports", "ipBlocks"]
const known: readonly string[] = [...proving, "ipBlocks", "ports", "methods", "paths"]

function verdictOf(field: UsedField, policy: Policy, input: ToLinkerd): FieldVerdict {
	const {path, key, values} = field
	if (!known.includes(key)) return blocked(path, "Linkerd has nothing to compare it with")
	if (values.none.length > 0 && !negatable.includes(key))
		return blocked(path, "Linkerd cannot say what must not match")
	const wrong = values.any
		.map((value) => problemOf(key, value, policy, input))
		.find((note) => note !== undefined)
	return wrong === undefined ? {path, verdict: "exact", note: notes[key] ?? "Server"} : blocked(path, wrong)
}

const notes: Readonly<Record<string, string>> = {
	principals: "MeshTLSAuthentication",
	namespaces: "MeshTLSAuthentication",
	serviceAccounts: "MeshTLSAuthentication",
	ipBlocks: "NetworkAuthentication",
	methods: "HTTPRoute",
	paths: "HTTPRoute",
}

const isProving = (key: string): key is (typeof proving)[number] =>
	(proving as readonly string[]).includes(key)

function problemOf(key: string, value: string, policy: Policy, input: ToLinkerd): string | undefined {
	if (isProving(key))
		return accountFor(key, value, policy, input) === undefined
			? "Linkerd knows whole names of service accounts and namespaces of this cluster"
			: undefined
	if (key === "paths" && anyPath.includes(value)) return undefined
	if (key === "paths" && value.includes("*"))
		return "Linkerd compares paths as they are written, and one may lead elsewhere than it begins"
	if (key === "paths" && !value.startsWith("/")) return "the path of an HTTPRoute begins with /"
	if (key === "methods" && value !== "*" && !/^[A-Z]+$/.test(value))
		return "an HTTPRoute matches one of the methods that HTTP names"
	return undefined
}
