import type {Request} from "../request.ts"
import {conditionAttribute, fieldAttributes, type Matcher} from "./attributes.ts"
import {
	type Operation,
	operationKeys,
	type Policy,
	type Rule,
	type Source,
	sourceKeys,
	type Values,
} from "./read.ts"

/** One used attribute of a rule, with what it compares. */
export type Term = {
	/** The field, or the attribute of the condition. */
	readonly key: string
	readonly http: boolean
	readonly values: Values
	readonly matches: Matcher
}

const isUsed = ({any, none}: Values): boolean => any.length > 0 || none.length > 0

const fieldTerms = <Key extends keyof typeof fieldAttributes>(
	fields: Readonly<Record<Key, Values>>,
	keys: readonly Key[],
): readonly Term[] =>
	keys
		.filter((key) => isUsed(fields[key]))
		.map((key) => ({...fieldAttributes[key], key, values: fields[key]}))

export const sourceTerms = (source: Source): readonly Term[] => fieldTerms(source, sourceKeys)
export const operationTerms = (operation: Operation): readonly Term[] => fieldTerms(operation, operationKeys)

export const conditionTerms = ({when}: Rule, of?: "operation" | "source"): readonly Term[] =>
	when
		.filter(isUsed)
		.map((condition) => ({...conditionAttribute(condition.key), key: condition.key, values: condition}))
		.filter((term) => of === undefined || term.of === of)

export function holds({values: {any, none}, matches}: Term, request: Request, home: string): boolean {
	const matched = any.length === 0 || any.some((value) => matches(value, request, home))
	return matched && !none.some((value) => matches(value, request, home))
}

/** The two halves of a rule as Envoy's RBAC has them: alternatives of who calls, and of what is called. */
const halves = (rule: Rule): readonly (readonly (readonly Term[])[])[] => {
	const either = (alternatives: readonly (readonly Term[])[]) =>
		alternatives.length === 0 ? [[] as readonly Term[]] : alternatives
	return [
		either(rule.from.map(sourceTerms)).map((terms) => [...terms, ...conditionTerms(rule, "source")]),
		either(rule.to.map(operationTerms)).map((terms) => [...terms, ...conditionTerms(rule, "operation")]),
	]
}

/**
 * Whether a rule matches in Envoy, of a sidecar or of a waypoint. On a connection that is not HTTP an ALLOW rule
 * with any attribute of HTTP is skipped, and of a DENY rule those attributes are left out, which makes it wider.
 * Source: istio pilot/pkg/security/authz/model/model.go, Generate and checkError.
 */
export function matchesAtEnvoy({action, namespace}: Policy, rule: Rule, request: Request): boolean {
	const both = halves(rule)
	const plain = request.http === undefined
	if (plain && action === "ALLOW" && both.flat(2).some(({http}) => http)) return false
	return both.every((alternatives) =>
		alternatives.some((terms) =>
			terms.every((term) => (plain && term.http) || holds(term, request, namespace)),
		),
	)
}
