import {inPrecedence} from "../../routing/precedence.ts"
import type {RouteMatch} from "../../routing/read-http-route.ts"
import type {HTTPMatch, TextMatch} from "../../routing/read-virtual-service.ts"
import {carryMatch, type Writing} from "./matches.ts"

/** One match of a rule, as it stands in both languages. */
export type Arm = {
	/** The index of the rule in the VirtualService. */
	readonly rule: number
	readonly source: HTTPMatch | undefined
	readonly match: RouteMatch
}

/** More than anybody writes; it ends what would not end. */
const mostArms = 128

/**
 * A VirtualService compares its rules as they stand, an HTTPRoute the most specific match first. Where a later rule
 * would come first, and both match some request, the earlier rule gets one more match for what they have in common,
 * which is at least as specific. Undefined where that cannot be said.
 */
export function arranged(original: readonly Arm[], writing: Writing): readonly Arm[] | undefined {
	let arms = original
	for (;;) {
		const missing = nextMissing(original, arms)
		if (missing === undefined) return arms
		const source = common(missing.earlier.source, missing.later.source)
		if (source === undefined || arms.length >= mostArms) return undefined
		const added = {rule: missing.earlier.rule, source, match: carryMatch(source, writing).match}
		if (arms.some((one) => one.rule === added.rule && same(one.match, added.match))) return undefined
		// In the order of the rules, since what is equally specific is compared as it stands.
		arms = [...arms, added].sort((a, b) => a.rule - b.rule)
	}
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

/** An arm that is compared before one of an earlier rule, which has not got its share of what both match. */
function nextMissing(original: readonly Arm[], arms: readonly Arm[]) {
	const sorted = inPrecedence(arms)
	const at = new Map(sorted.map((arm, index) => [arm, index]))
	const place = (arm: Arm) => at.get(arm) ?? 0
	for (const earlier of original)
		for (const later of sorted) {
			if (later.rule <= earlier.rule || place(later) > place(earlier)) continue
			if (disjoint(earlier.source, later.source)) continue
			const both = common(earlier.source, later.source)
			const isCovered = arms.some(
				(one) =>
					one.rule === earlier.rule &&
					place(one) < place(later) &&
					both !== undefined &&
					same(withoutPath(one.source), withoutPath(both)),
			)
			if (!isCovered) return {earlier, later}
		}
	return undefined
}

const withoutPath = (match: HTTPMatch | undefined) => ({...match, path: ""})

/** No request matches both, as far as that can be told. */
function disjoint(a: HTTPMatch | undefined, b: HTTPMatch | undefined): boolean {
	if (a === undefined || b === undefined) return false
	if (!a.ignoreCase && !b.ignoreCase && apart(a.uri, b.uri)) return true
	if (apart(a.method, b.method)) return true
	const differ = (x: HTTPMatch["headers"], y: HTTPMatch["headers"]) =>
		Object.entries(x).some(([name, text]) => apart(text, y[name]))
	return differ(a.headers, b.headers) || differ(a.query, b.query)
}

function apart(a: TextMatch | undefined, b: TextMatch | undefined): boolean {
	if (a === undefined || b === undefined) return false
	if (a.kind === "exact" && b.kind === "exact") return a.value !== b.value
	if (a.kind === "prefix" && b.kind === "prefix")
		return !a.value.startsWith(b.value) && !b.value.startsWith(a.value)
	if (a.kind === "exact" && b.kind === "prefix") return !a.value.startsWith(b.value)
	if (a.kind === "prefix" && b.kind === "exact") return !b.value.startsWith(a.value)
	return false
}

/** What matches exactly the requests that both match. */
function common(a: HTTPMatch | undefined, b: HTTPMatch | undefined): HTTPMatch | undefined {
	if (a === undefined || b === undefined) return a ?? b
	const uri = commonText(a, b)
	const method = one(a.method, b.method)
	const headers = merged(a.headers, b.headers)
	const query = merged(a.query, b.query)
	if (uri === "none" || method === "none" || headers === undefined || query === undefined) return undefined
	const {uri: _, method: __, ...rest} = a
	return {...rest, ...uri, ...(method === undefined ? {} : {method}), headers, query}
}

/** A bare `/` is in front of every path. */
const isAny = (uri: TextMatch | undefined): boolean =>
	uri === undefined || uri.kind === "present" || (uri.kind === "prefix" && uri.value === "/")

type Path = {readonly uri?: TextMatch; readonly ignoreCase: boolean}

function commonText(a: HTTPMatch, b: HTTPMatch): Path | "none" {
	const pathOf = ({uri, ignoreCase}: HTTPMatch): Path => ({...(uri === undefined ? {} : {uri}), ignoreCase})
	if (isAny(a.uri)) return pathOf(b)
	if (isAny(b.uri) || same(pathOf(a), pathOf(b))) return pathOf(a)
	if (a.ignoreCase || b.ignoreCase || apart(a.uri, b.uri)) return "none"
	return [a, b].some(({uri}) => uri?.kind === "regex") ? "none" : pathOf(longer(a, b))
}

const lengthOf = (uri: TextMatch | undefined): number =>
	uri === undefined || uri.kind === "present" ? 0 : uri.value.length + (uri.kind === "exact" ? 0.5 : 0)

const longer = (a: HTTPMatch, b: HTTPMatch): HTTPMatch => (lengthOf(a.uri) >= lengthOf(b.uri) ? a : b)

function one(a: TextMatch | undefined, b: TextMatch | undefined): TextMatch | undefined | "none" {
	if (a === undefined || b === undefined) return a ?? b
	return same(a, b) ? a : "none"
}

function merged(a: HTTPMatch["headers"], b: HTTPMatch["headers"]): HTTPMatch["headers"] | undefined {
	const clash = Object.entries(a).some(([name, text]) => b[name] !== undefined && !same(text, b[name]))
	return clash ? undefined : {...a, ...b}
}
