import type {KubeObject} from "../../snapshot/object.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"
import type {Field} from "../read.ts"
import {reader, type Trait} from "../use.ts"
import {AuthorizationPolicy} from "./kinds.ts"
import {type Attachment, isDryRun, policiesFor, readAttachment} from "./scope.ts"

/** One alternative of a clause: whether it says something that L4 can check, and its fields that only L7 can. */
export type Match = {readonly l4: boolean; readonly l7: readonly string[]}
/** A rule holds when each of its clauses does; a clause holds when one of its matches does. */
type Rule = {readonly clauses: readonly (readonly Match[])[]}
export type Authorization = Attachment & {
	readonly action: "ALLOW" | "DENY" | "CUSTOM" | "AUDIT"
	/** Only logged by Istio, never enforced. */
	readonly dryRun: boolean
	readonly rules: readonly Rule[]
	/** Identities that the rules name, to admit them, to refuse them or to make an exception of them. */
	readonly principals: readonly string[]
	readonly namespaces: readonly string[]
}

const actions = ["ALLOW", "DENY", "CUSTOM", "AUDIT"] as const
const sourceL4 = [
	"principals",
	"notPrincipals",
	"namespaces",
	"notNamespaces",
	"ipBlocks",
	"notIpBlocks",
	"serviceAccounts",
	"notServiceAccounts",
]
const operationL4 = ["ports", "notPorts"]
// Source: istio pilot/pkg/serviceregistry/ambient/authorization.go, l4WhenAttributes.
const conditionsL4 = [
	"source.ip",
	"source.namespace",
	"source.principal",
	"destination.ip",
	"destination.port",
]

export const readAuthorization = reader((spec, object): Authorization => {
	const rules = spec.at("rules").items()
	const sources = rules.flatMap((rule) =>
		rule
			.at("from")
			.items()
			.map((from) => from.at("source")),
	)
	const told = (...keys: readonly string[]) =>
		sources.flatMap((source) => keys.flatMap((key) => source.at(key).texts()))
	const conditions = rules.flatMap((rule) => rule.at("when").items())
	const when = (key: string) =>
		conditions
			.filter((one) => one.at("key").text() === key)
			.flatMap((one) => [...one.at("values").texts(), ...one.at("notValues").texts()])
	const own = object.metadata.namespace ?? ""
	return {
		...readAttachment(spec),
		action: spec.at("action").word(actions) ?? "ALLOW",
		dryRun: isDryRun(object),
		rules: rules.map(readRule),
		principals: [...told("principals", "notPrincipals"), ...when("source.principal")],
		namespaces: [
			...told("namespaces", "notNamespaces"),
			...when("source.namespace"),
			...told("serviceAccounts", "notServiceAccounts").map(
				(account) => (account.includes("/") ? account.split("/")[0] : own) ?? "",
			),
		],
	}
})

function readRule(rule: Field): Rule {
	const to = rule
		.at("to")
		.items()
		.map((item) => match(item.at("operation"), operationL4))
	const from = rule
		.at("from")
		.items()
		.map((item) => match(item.at("source"), sourceL4))
	const when = rule
		.at("when")
		.items()
		.map((item) => [condition(item)])
	return {clauses: [to, from, ...when].filter((clause) => clause.length > 0)}
}

/** What is no field of L4 counts as one that only L7 can check, also one that nobody here has heard of. */
function match(field: Field, l4: readonly string[]): Match {
	return {
		l4: field.listsAny(l4),
		l7: field
			.entries()
			.filter(([key]) => !l4.includes(key) && field.listsAny([key]))
			.map(([key]) => `${field.path}.${key}`),
	}
}

function condition(item: Field): Match {
	const key = item.at("key").text() ?? ""
	const l4 = conditionsL4.includes(key)
	item.at("values").texts()
	item.at("notValues").texts()
	return {l4, l7: l4 ? [] : [`${item.path}.key ${key}`]}
}

/** The fields of a policy that only a proxy that reads HTTP can check. */
export function l7Fields({rules}: Authorization): readonly string[] {
	return rules.flatMap(({clauses}) => clauses.flat().flatMap(({l7}) => l7))
}

export function authorizationTraits(policy: Authorization): readonly Trait[] {
	const deny: readonly Trait[] = policy.action === "DENY" ? ["ExplicitDeny"] : []
	if (policy.action === "CUSTOM") return [{name: "L7Authorization", note: "by an external authorizer"}]
	const jwt = l7Fields(policy).some((path) => /[rR]equestPrincipals$|key request\.auth\./.test(path))
	return [
		l7Fields(policy).length > 0 ? "L7Authorization" : "L4Authorization",
		...deny,
		...(jwt ? (["JWTAuthentication"] as const) : []),
	]
}

/** The policies that hold for workloads of a namespace, its own and those of the root namespace. */
export function authorizationsFor(snapshot: Snapshot, namespace: string): readonly KubeObject[] {
	return policiesFor(snapshot, AuthorizationPolicy, namespace, (object) => readAuthorization(object).value)
}
