import type {Condition, Operation, Rule, Source, Values} from "../../policy/istio/read.ts"
import {operationKeys, sourceKeys} from "../../policy/istio/read.ts"

/** A field of a rule that is used, with its path in the policy. */
export type UsedField = {readonly path: string; readonly key: string; readonly values: Values}

const used = ({any, none}: Values): boolean => any.length > 0 || none.length > 0

/** `principals`, or `notPrincipals` where it only says what must not match. */
const nameOf = (key: string, {any}: Values): string =>
	any.length > 0 ? key : `not${key[0]?.toUpperCase()}${key.slice(1)}`

function inside<Key extends string>(
	path: string,
	fields: Readonly<Record<Key, Values>>,
	keys: readonly Key[],
): readonly UsedField[] {
	return keys.flatMap((key) =>
		used(fields[key]) ? [{path: `${path}.${nameOf(key, fields[key])}`, key, values: fields[key]}] : [],
	)
}

/** Every field that the rules of a policy use; conditions go by their attribute. */
export function fieldsOf(rules: readonly Rule[]): readonly UsedField[] {
	return rules.flatMap(({from, to, when}, index) => {
		const rule = `spec.rules[${index}]`
		return [
			...from.flatMap((source: Source, at) => inside(`${rule}.from[${at}].source`, source, sourceKeys)),
			...to.flatMap((operation: Operation, at) =>
				inside(`${rule}.to[${at}].operation`, operation, operationKeys),
			),
			...when.map((condition: Condition, at) => ({
				path: `${rule}.when[${at}]`,
				key: condition.key,
				values: condition,
			})),
		]
	})
}
