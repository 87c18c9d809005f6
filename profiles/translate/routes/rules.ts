import type {RouteMatch} from "../../routing/read-http-route.ts"
import type {HTTPMatch, HTTPRule} from "../../routing/read-virtual-service.ts"
import type {FieldVerdict} from "../types.ts"
import {ledTo, type Surrounding, type Version} from "./backends.ts"
import {headerFilters, redirectFilter, rewriteFilter} from "./filters.ts"
import {carryMatch, type Writing} from "./matches.ts"
import {type Arm, arranged} from "./order.ts"
import {type Channel, timingOf} from "./retries.ts"

export type Made = {
	readonly rules: readonly object[]
	readonly fields: readonly FieldVerdict[]
	readonly versions: readonly Version[]
}

export type Around = Surrounding & {
	readonly channel: Channel
	/** The ports of the Services that the route is for. */
	readonly ports: readonly number[]
}

/** What an HTTPRoute may hold (gateway-api:apis/v1/httproute_types.go). */
const most = {rules: 16, matches: 64, allMatches: 128, backends: 16} as const

const unlike = (made: Made, verdicts: readonly FieldVerdict["verdict"][]): number =>
	made.fields.filter(({verdict}) => verdicts.includes(verdict)).length

/** The rules of an HTTPRoute, written in the way that says most exactly what the VirtualService says. */
export function rulesOf(http: readonly HTTPRule[], around: Around): Made {
	const byElements = written(http, around, "elements")
	// Only what a prefix has matched can be rewritten.
	if (http.some(({rewrite}) => rewrite?.uri !== undefined)) return byElements
	if (unlike(byElements, ["approximated", "blocked"]) === 0) return byElements
	const byExpressions = written(http, around, "expressions")
	const [worse, better] = [unlike(byElements, ["blocked"]), unlike(byExpressions, ["blocked"])]
	const nearer = unlike(byExpressions, ["approximated"]) < unlike(byElements, ["approximated"])
	return better < worse || (better === worse && nearer) ? byExpressions : byElements
}

function written(http: readonly HTTPRule[], around: Around, writing: Writing): Made {
	const carried = http.flatMap((rule, index) => {
		const matches: readonly (HTTPMatch | undefined)[] = rule.matches.length === 0 ? [undefined] : rule.matches
		return matches.map((source) => ({rule: index, source, ...carryMatch(source, writing)}))
	})
	const arms = arranged(carried, writing)
	const actions = http.map((rule) => actionOf(rule, around))
	const made = (arms ?? []).map(({rule, source, match}) => {
		const rewrite = rewriteFilter(http[rule] as HTTPRule, source)
		return {rule, match, rewrite}
	})
	const rules = grouped(made).map(({rule, matches, filters}) => ruleObject(matches, filters, actions[rule]))
	return {
		rules,
		fields: [
			...carried.flatMap(({fields}) => fields),
			...distinct(made.flatMap(({rewrite}) => rewrite.fields)),
			...actions.flatMap(({fields}) => fields),
			...outOfOrder(arms),
			...tooMuch(rules, arms ?? []),
		],
		versions: actions.flatMap(({versions}) => versions),
	}
}

const distinct = (fields: readonly FieldVerdict[]): readonly FieldVerdict[] => [
	...new Map(fields.map((one) => [JSON.stringify(one), one])).values(),
]

const outOfOrder = (arms: readonly Arm[] | undefined): readonly FieldVerdict[] =>
	arms !== undefined
		? []
		: [
				{
					path: "spec.http",
					verdict: "blocked",
					note: "an HTTPRoute compares its most specific match first, which is not the order here",
				},
			]

function tooMuch(rules: readonly object[], arms: readonly Arm[]): readonly FieldVerdict[] {
	const sizes = rules.map((rule) => (rule as {matches?: readonly unknown[]}).matches?.length ?? 0)
	if (
		rules.length <= most.rules &&
		arms.length <= most.allMatches &&
		sizes.every((size) => size <= most.matches)
	)
		return []
	const note = `an HTTPRoute has at most ${most.rules} rules with ${most.matches} matches each`
	return [{path: "spec.http", verdict: "blocked", note}]
}

type Written = {
	readonly rule: number
	readonly match: RouteMatch
	readonly rewrite: {readonly filters: readonly object[]}
}
type Group = {
	readonly rule: number
	readonly matches: readonly RouteMatch[]
	readonly filters: readonly object[]
}

/** A rewrite of a prefix stands with one match only, so its rule is written once for each. */
function grouped(all: readonly Written[]): readonly Group[] {
	const groups: {rule: number; matches: RouteMatch[]; filters: readonly object[]}[] = []
	for (const {rule, match, rewrite} of all) {
		const last = groups.at(-1)
		const isAlone = rewrite.filters.some((one) => "path" in (one as {urlRewrite: object}).urlRewrite)
		if (last?.rule === rule && !isAlone) last.matches.push(match)
		else groups.push({rule, matches: [match], filters: rewrite.filters})
	}
	return groups
}

type Action = {
	readonly filters: readonly object[]
	readonly members: Readonly<Record<string, unknown>>
	readonly fields: readonly FieldVerdict[]
	readonly versions: readonly Version[]
}

function ruleObject(
	matches: readonly RouteMatch[],
	rewrites: readonly object[],
	{filters, members}: Pick<Action, "filters" | "members"> = {filters: [], members: {}},
): object {
	const all = [...filters, ...rewrites]
	return {
		matches: matches.map(matchObject),
		...(all.length === 0 ? {} : {filters: all}),
		...members,
	}
}

function matchObject({path, method, headers, query}: RouteMatch): object {
	const values = (all: RouteMatch["headers"]) =>
		all.map(({name, regex, value}) => ({type: regex ? "RegularExpression" : "Exact", name, value}))
	return {
		path: {type: path.kind, value: path.value},
		...(method === undefined ? {} : {method}),
		...(headers.length === 0 ? {} : {headers: values(headers)}),
		...(query.length === 0 ? {} : {queryParams: values(query)}),
	}
}

/** What is done with a request that a rule matches. */
function actionOf(rule: HTTPRule, around: Around): Action {
	const headers = headerFilters(rule.changes, rule.path)
	const fields = [...headers.fields, ...withoutEqual(rule)]
	if (rule.redirect !== undefined) {
		const redirect = redirectFilter(rule.redirect, rule.path, around.ports)
		return {
			filters: [...headers.filters, ...redirect.filters],
			members: {},
			fields: [...fields, ...redirect.fields],
			versions: [],
		}
	}
	const timing = timingOf(rule, around.channel)
	const mirrors = mirrorsOf(rule, around)
	const backends = backendsOf(rule, around)
	return {
		filters: [...headers.filters, ...mirrors.filters],
		members: {backendRefs: backends.refs, ...timing.members},
		fields: [...fields, ...backends.fields, ...timing.fields, ...mirrors.fields],
		versions: [...backends.versions, ...mirrors.versions],
	}
}

function withoutEqual({path, respond, delay, abort, unknown}: HTTPRule): readonly FieldVerdict[] {
	const blocked = (at: string, note: string): FieldVerdict => ({path: at, verdict: "blocked", note})
	return [
		...(respond === undefined
			? []
			: [blocked(`${path}.directResponse`, "an HTTPRoute answers nothing itself")]),
		...(delay === undefined ? [] : [blocked(`${path}.fault.delay`, "an HTTPRoute injects no faults")]),
		// People refuse requests by it: to leave it out could let them through.
		...(abort === undefined ? [] : [blocked(`${path}.fault.abort`, "an HTTPRoute injects no faults")]),
		...unknown.map((at) => blocked(at, "there is no equal of it in an HTTPRoute")),
	]
}

function backendsOf({route, path}: HTTPRule, around: Around) {
	const only = route.length === 1
	const all = route
		.filter(({weight}) => only || weight > 0)
		.map((one) => ({
			...one,
			led: ledTo(one.destination, around),
			headers: headerFilters(one.changes, one.path),
		}))
	const refs = all.flatMap(({led: {ref}, weight, headers}) =>
		ref === undefined
			? []
			: [
					{
						...ref,
						...(only ? {} : {weight}),
						...(headers.filters.length === 0 ? {} : {filters: headers.filters}),
					},
				],
	)
	const wrong =
		all.length === 0
			? "it leads to no destination"
			: all.length > most.backends && `an HTTPRoute has at most ${most.backends} backends in a rule`
	return {
		refs,
		versions: all.flatMap(({led}) => led.version ?? []),
		fields: [
			...all.flatMap(({led, headers}) => [led.field, ...headers.fields]),
			...(wrong ? [{path: `${path}.route`, verdict: "blocked" as const, note: wrong}] : []),
		],
	}
}

function mirrorsOf({mirrors}: HTTPRule, around: Around) {
	const all = mirrors
		.filter(({percent}) => percent > 0)
		.map(({destination, percent}) => ({led: ledTo(destination, around), percent}))
	return {
		filters: all.flatMap(({led: {ref}, percent}) =>
			ref === undefined
				? []
				: [{type: "RequestMirror", requestMirror: {backendRef: ref, ...shareOf(percent)}}],
		),
		versions: all.flatMap(({led}) => led.version ?? []),
		fields: all.map(({led}) => led.field),
	}
}

/** A whole number of percent, or a fraction to a thousandth of one. */
function shareOf(percent: number): object {
	if (percent >= 100) return {}
	if (Number.isInteger(percent)) return {percent}
	return {fraction: {numerator: Math.round(percent * 1000), denominator: 100_000}}
}
