import type {Operation, Rule} from "../../policy/istio/read.ts"

/** Requests by their path and method; what is absent may be any. */
export type Match = {readonly path?: string; readonly method?: string}

const anything: Operation = {
	ports: {any: [], none: []},
	hosts: {any: [], none: []},
	methods: {any: [], none: []},
	paths: {any: [], none: []},
}

/** The operations of a rule on one port of a pod. */
export const atPort = ({to}: Rule, port: number): readonly Operation[] =>
	(to.length === 0 ? [anything] : to).filter(
		({ports: {any, none}}) =>
			(any.length === 0 || any.includes(String(port))) && !none.includes(String(port)),
	)

/** It holds for every connection; one that looks at HTTP somewhere is skipped where there is none. */
export const isL4 = ({to}: Rule): boolean =>
	to.every(({methods, paths}) => methods.any.length + paths.any.length === 0)

/** Patterns of a path that every path matches. */
export const anyPath: readonly string[] = ["*", "/*"]

const orAny = (
	values: readonly string[],
	isAny: (value: string) => boolean,
): readonly (string | undefined)[] =>
	values.length === 0 ? [undefined] : values.map((one) => (isAny(one) ? undefined : one))

export const matchesOf = ({methods, paths}: Operation): readonly Match[] =>
	orAny(paths.any, (one) => anyPath.includes(one)).flatMap((path) =>
		orAny(methods.any, (one) => one === "*").map((method) => ({
			...(path === undefined ? {} : {path}),
			...(method === undefined ? {} : {method}),
		})),
	)

/** Every request of the match is one of the operation's. */
export const wholeOf = (operation: Operation, match: Match): boolean =>
	matchesOf(operation).some(
		({path, method}) =>
			(path === undefined || path === match.path) && (method === undefined || method === match.method),
	)

function meet(a: Match, b: Match): Match | undefined {
	const apart = (one: string | undefined, other: string | undefined) =>
		one !== undefined && other !== undefined && one !== other
	return apart(a.path, b.path) || apart(a.method, b.method) ? undefined : {...a, ...b}
}

const keyOf = ({path, method}: Match): string => JSON.stringify([path, method])

/** The matches with all that some of them have in common, each once. */
export function meets(matches: readonly Match[]): readonly Match[] {
	const all = new Map(matches.map((one) => [keyOf(one), one]))
	for (const one of all.values())
		for (const other of [...all.values()]) {
			const both = meet(one, other)
			if (both !== undefined && !all.has(keyOf(both))) all.set(keyOf(both), both)
		}
	return [...all.values()]
}
