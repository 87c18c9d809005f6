import {annotationOf} from "../../pods.ts"
import type {KubeObject} from "../../snapshot/object.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"
import type {Field} from "../read.ts"
import {reader, type Trait} from "../use.ts"
import {AuthorizationPolicy} from "./kinds.ts"
import {type Attachment, policiesFor, readAttachment} from "./scope.ts"

/** One alternative of a clause: whether it says something that L4 can check, and its fields that only L7 can. */
export type Match = {readonly l4: boolean; readonly l7: readonly string[]}
/** A rule holds when each of its clauses does; a clause holds when one of its matches does. */
type Rule = {readonly clauses: readonly (readonly Match[])[]}
export type Authorization = Attachment & {
	readonly action: "ALLOW" | "DENY" | "CUSTOM" | "AUDIT"
	/** Only logged by Istio, never enforced. */
	readonly dryRun: boolean
	readonly rules: readonly Rule[]
	/** Identities that the rules name. */
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
const sourceL7 = [
	"requestPrincipals",
	"notRequestPrincipals",
	"remoteIpBlocks",
	"notRemoteIpBlocks",
	"trustDomains",
	"notTrustDomains",
]
const operationL4 = ["ports", "notPorts"]
const operationL7 = ["hosts", "notHosts", "methods", "notMethods", "paths", "notPaths"]
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
	const serviceAccounts = sources.flatMap((source) => source.at("serviceAccounts").texts())
	return {
		...readAttachment(spec),
		action: spec.at("action").word(actions) ?? "ALLOW",
		dryRun: annotationOf(object, "istio.io/dry-run") === "true",
		rules: rules.map(readRule),
		principals: sources.flatMap((source) => source.at("principals").texts()),
		namespaces: [
			...sources.flatMap((source) => source.at("namespaces").texts()),
			...serviceAccounts.map(
				(account) => (account.includes("/") ? account.split("/")[0] : object.metadata.namespace) ?? "",
			),
		],
	}
})

function readRule(rule: Field): Rule {
	const to = rule
		.at("to")
		.items()
		.map((item) => match(item.at("operation"), operationL4, operationL7))
	const from = rule
		.at("from")
		.items()
		.map((item) => match(item.at("source"), sourceL4, sourceL7))
	const when = rule
		.at("when")
		.items()
		.map((item) => [condition(item)])
	return {clauses: [to, from, ...when].filter((clause) => clause.length > 0)}
}

function match(field: Field, l4: readonly string[], l7: readonly string[]): Match {
	return {
		l4: field.listsAny(l4),
		l7: l7.filter((key) => field.listsAny([key])).map((key) => `${field.path}.${key}`),
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
