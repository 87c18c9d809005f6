import type {Condition, Operation} from "../../policy/istio/read.ts"

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")

/** A regular expression of the whole text for Istio's exact, prefix, suffix and presence matches. */
function patternOf(value: string, literal: (text: string) => string = escaped): string {
	if (value === "*") return ".+"
	if (value.startsWith("*")) return `.*${literal(value.slice(1))}`
	return value.endsWith("*") ? `${literal(value.slice(0, -1))}.*` : literal(value)
}

/** Cilium compares the path with its query, Istio without: what follows a question mark is let be. */
function pathPattern(value: string): string {
	const query = "(\\?.*)?"
	if (value === "*" || (value.endsWith("*") && !value.startsWith("*"))) return patternOf(value)
	return value.startsWith("*") ? `[^?]*${escaped(value.slice(1))}${query}` : `${escaped(value)}${query}`
}

/** Hosts are the same whatever their case. */
const anyCase = (text: string): string =>
	escaped(text).replace(/[a-zA-Z]/g, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`)

/** The condition is about a header that has to be there, or to have one of these values. */
export const headerOf = ({key}: Pick<Condition, "key">): string | undefined =>
	/^request\.headers\[([^\]:]+)\]$/.exec(key)?.[1]

/** Why Cilium cannot compare a header so; undefined where it can. */
export const headerProblem = (value: string): string | undefined =>
	value !== "*" && value.includes("*") ? "Cilium compares whole values of headers only" : undefined

const orNone = <T>(list: readonly T[]): readonly (T | undefined)[] => (list.length === 0 ? [undefined] : list)

type Combination = Readonly<Record<string, string | readonly string[] | undefined>>

/** Each combination of one value of every field. */
const product = (fields: Readonly<Record<string, readonly (string | undefined)[]>>): readonly Combination[] =>
	Object.entries(fields).reduce<readonly Combination[]>(
		(all, [key, values]) => all.flatMap((one) => values.map((value) => ({...one, [key]: value}))),
		[{}],
	)

/** One header for each condition, in every combination of their values. */
const headerLists = (when: readonly Condition[]): readonly (readonly string[])[] =>
	when.reduce<readonly (readonly string[])[]>(
		(all, condition) => {
			const name = headerOf(condition)
			if (name === undefined) return all
			return all.flatMap((list) =>
				condition.any.map((value) => [...list, value === "*" ? name : `${name}: ${value}`]),
			)
		},
		[[]],
	)

export const usesHTTP = ({methods, paths, hosts}: Pick<Operation, "methods" | "paths" | "hosts">): boolean =>
	methods.any.length + paths.any.length + hosts.any.length > 0

/** What an operation and the conditions of its rule say about HTTP, as Cilium's rules, any of which admits. */
export function httpRules(
	{methods, paths, hosts}: Pick<Operation, "methods" | "paths" | "hosts">,
	when: readonly Condition[],
): readonly object[] {
	const combinations = product({
		method: orNone(methods.any.map((one) => patternOf(one))),
		path: orNone(paths.any.map(pathPattern)),
		host: orNone(hosts.any.map((one) => patternOf(one, anyCase))),
	})
	return combinations.flatMap((one) =>
		headerLists(when).map((headers) =>
			Object.fromEntries(
				Object.entries({...one, headers: headers.length === 0 ? undefined : headers}).filter(
					([, value]) => value !== undefined,
				),
			),
		),
	)
}
