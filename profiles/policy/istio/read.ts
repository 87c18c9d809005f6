import {AuthorizationPolicy} from "../../apis/istio/kinds.ts"
import {isDryRun, readAttachment, type TargetRef} from "../../apis/istio/scope.ts"
import type {Field} from "../../apis/read.ts"
import {reader} from "../../apis/use.ts"
import {kindIdOf} from "../../snapshot/kinds.ts"
import type {KubeObject, StringMap} from "../../snapshot/object.ts"
import {isBlock} from "../blocks.ts"
import {refuseOthers} from "../known-fields.ts"

/** Fields of a source with a list of values each, any of which matches; the fields all have to. */
export const sourceKeys = [
	"principals",
	"namespaces",
	"serviceAccounts",
	"trustDomains",
	"ipBlocks",
	"remoteIpBlocks",
	"requestPrincipals",
] as const
export const operationKeys = ["ports", "hosts", "methods", "paths"] as const

export type SourceKey = (typeof sourceKeys)[number]
export type OperationKey = (typeof operationKeys)[number]
/** Values that match and values that must not; both empty where the field is absent. */
export type Values = {readonly any: readonly string[]; readonly none: readonly string[]}
export type Source = Readonly<Record<SourceKey, Values>>
export type Operation = Readonly<Record<OperationKey, Values>>
export type Condition = Values & {readonly key: string}

/** Holds when some source, some operation and every condition do. No sources or no operations mean any. */
export type Rule = {
	readonly from: readonly Source[]
	readonly to: readonly Operation[]
	readonly when: readonly Condition[]
}

export type Policy = {
	readonly name: string
	readonly namespace: string
	readonly action: "ALLOW" | "DENY" | "CUSTOM" | "AUDIT"
	/** Logged, never enforced. */
	readonly dryRun: boolean
	readonly selector?: StringMap
	readonly targetRefs: readonly TargetRef[]
	readonly rules: readonly Rule[]
}

const actions = ["ALLOW", "DENY", "CUSTOM", "AUDIT"] as const

/** The attributes of conditions that mean something to these evaluators. Source: istio pilot/pkg/security/authz/model. */
const attributes =
	/^(source\.(ip|namespace|principal|trustDomain|serviceAccount)|remote\.ip|destination\.(ip|port)|request\.auth\.(principal|audiences|presenter)|request\.headers\[[^\]]+\]|request\.auth\.claims\[[^\]]+\])$/

/**
 * An AuthorizationPolicy with every value that its API knows. What the evaluators do not understand is a fault:
 * an unknown field, an attribute such as `connection.sni`, a path template, an IPv6 block.
 */
export const readPolicy = reader((spec, object): Policy => {
	refuseOthers(spec, ["selector", "targetRef", "targetRefs", "action", "provider", "rules"])
	return {
		name: object.metadata.name,
		namespace: object.metadata.namespace ?? "",
		...readAttachment(spec),
		action: spec.at("action").word(actions) ?? "ALLOW",
		dryRun: isDryRun(object),
		rules: spec.at("rules").items().map(readRule),
	}
})

function readRule(rule: Field): Rule {
	refuseOthers(rule, ["from", "to", "when"])
	const inside = (list: string, member: string) =>
		rule
			.at(list)
			.items()
			.map((item) => {
				refuseOthers(item, [member])
				return item.at(member)
			})
	return {
		from: inside("from", "source").map((source) => valuesOf(source, sourceKeys)),
		to: inside("to", "operation").map((operation) => valuesOf(operation, operationKeys)),
		when: rule
			.at("when")
			.items()
			.map((item) => {
				refuseOthers(item, ["key", "values", "notValues"])
				const key = item.at("key").text() ?? ""
				if (!attributes.test(key)) item.at("key").word([])
				return {
					key,
					any: checked(item.at("values"), conditionCheck(key)),
					none: checked(item.at("notValues"), conditionCheck(key)),
				}
			}),
	}
}

const negated = (key: string) => `not${key[0]?.toUpperCase()}${key.slice(1)}`

function valuesOf<Key extends string>(field: Field, keys: readonly Key[]): Readonly<Record<Key, Values>> {
	refuseOthers(
		field,
		keys.flatMap((key) => [key, negated(key)]),
	)
	const entries = keys.map((key) => [
		key,
		{any: checked(field.at(key), checks[key]), none: checked(field.at(negated(key)), checks[key])},
	])
	return Object.fromEntries(entries) as Readonly<Record<Key, Values>>
}

/** What a value has to be; Istio's own webhook refuses the rest, and files were not validated. */
type Check = (value: string) => boolean
const isPort: Check = (value) => /^\d{1,5}$/.test(value) && Number(value) <= 65535
/** Istio makes a regular expression of a namespace: only what a name may hold, and `*`, is sure to mean itself. */
const isName: Check = (value) => /^[a-z0-9*-]+$/.test(value)
const isAccount: Check = (value) => /^([a-z0-9-]+\/)?[a-z0-9.-]+$/.test(value)
const isDomain: Check = (value) => /^[^/]+$/.test(value)
const isPath: Check = (value) => !/[{}]/.test(value)

const checks: Readonly<Record<string, Check | undefined>> = {
	ports: isPort,
	paths: isPath,
	ipBlocks: isBlock,
	remoteIpBlocks: isBlock,
	namespaces: isName,
	serviceAccounts: isAccount,
	trustDomains: isDomain,
}

const conditionChecks: Readonly<Record<string, Check>> = {
	"source.ip": isBlock,
	"remote.ip": isBlock,
	"destination.ip": isBlock,
	"destination.port": isPort,
	"source.namespace": isName,
	"source.serviceAccount": isAccount,
	"source.trustDomain": isDomain,
}
const conditionCheck = (key: string): Check | undefined => conditionChecks[key]

function checked(field: Field, check: Check | undefined): readonly string[] {
	return field.items().flatMap((item) => {
		const value = item.text()
		if (value === undefined) return []
		if (value === "" || check?.(value) === false) item.word([])
		return [value]
	})
}

/** Enforced policies among objects of any kind; a faulty one is no reading and must not come here. */
export function policiesIn(objects: readonly KubeObject[]): readonly Policy[] {
	return objects
		.filter((object) => kindIdOf(object) === AuthorizationPolicy.id)
		.map((object) => readPolicy(object).value)
		.filter(({dryRun}) => !dryRun)
}
