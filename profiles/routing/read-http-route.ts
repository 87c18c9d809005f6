import type {Field} from "../apis/read.ts"
import {reader} from "../apis/use.ts"
import {maybe} from "./maybe.ts"
import type {HeaderChange} from "./request.ts"

export type ValueMatch = {readonly name: string; readonly regex: boolean; readonly value: string}
export type PathKind = "Exact" | "PathPrefix" | "RegularExpression"
export type RouteMatch = {
	readonly path: {readonly kind: PathKind; readonly value: string}
	readonly method?: string
	readonly headers: readonly ValueMatch[]
	readonly query: readonly ValueMatch[]
}

export type BackendRef = {
	readonly name: string
	readonly namespace: string
	readonly port: number
	readonly weight: number
	readonly changes: readonly HeaderChange[]
}

export type PathChange = {readonly full?: string; readonly prefix?: string}
export type RouteRule = {
	readonly matches: readonly RouteMatch[]
	readonly backends: readonly BackendRef[]
	readonly changes: readonly HeaderChange[]
	readonly redirect?: {
		readonly code: number
		readonly scheme?: string
		readonly host?: string
		readonly port?: number
		readonly path: PathChange
	}
	readonly rewrite?: {readonly host?: string; readonly path: PathChange}
	readonly mirrors: readonly {readonly backend: BackendRef; readonly percent: number}[]
	readonly request?: string
	readonly backendRequest?: string
	readonly retry?: {
		readonly attempts?: number
		readonly codes: readonly number[]
		readonly backoff?: string
	}
}

export type Route = {
	readonly parents: readonly {readonly name: string; readonly namespace: string; readonly port?: number}[]
	readonly rules: readonly RouteRule[]
}

const kinds = ["Exact", "PathPrefix", "RegularExpression"] as const
const anyPath: RouteMatch = {path: {kind: "PathPrefix", value: "/"}, headers: [], query: []}

export const readHTTPRoute = reader((spec, {metadata}): Route => {
	const own = metadata.namespace ?? ""
	return {
		parents: spec
			.at("parentRefs")
			.items()
			.filter((ref) => ref.at("kind").text() === "Service")
			.map((ref) => ({
				name: ref.at("name").text() ?? "",
				namespace: ref.at("namespace").text() ?? own,
				...maybe("port", ref.at("port").integer()),
			})),
		rules: spec
			.at("rules")
			.items()
			.map((rule) => ruleOf(rule, own)),
	}
})

function ruleOf(rule: Field, own: string): RouteRule {
	const matches = rule.at("matches").items().map(matchOf)
	const filters = rule.at("filters").items()
	const named = (name: string) => filters.map((one) => one.at(name)).filter(({present}) => present)
	const [redirect] = named("requestRedirect")
	const [rewrite] = named("urlRewrite")
	const retry = rule.at("retry")
	return {
		matches: matches.length === 0 ? [anyPath] : matches,
		backends: rule
			.at("backendRefs")
			.items()
			.map((one) => backendOf(one, own)),
		changes: changesOf(filters),
		...maybe("redirect", redirect && redirectOf(redirect)),
		...maybe(
			"rewrite",
			rewrite && {...maybe("host", rewrite.at("hostname").text()), path: pathOf(rewrite.at("path"))},
		),
		mirrors: named("requestMirror").map((one) => ({
			backend: backendOf(one.at("backendRef"), own),
			percent: percentOf(one),
		})),
		...maybe("request", rule.at("timeouts").at("request").text()),
		...maybe("backendRequest", rule.at("timeouts").at("backendRequest").text()),
		...maybe("retry", retry.present ? retryOf(retry) : undefined),
	}
}

const redirectOf = (field: Field) => ({
	code: field.at("statusCode").integer() ?? 302,
	...maybe("scheme", field.at("scheme").text()),
	...maybe("host", field.at("hostname").text()),
	...maybe("port", field.at("port").integer()),
	path: pathOf(field.at("path")),
})

const retryOf = (field: Field) => ({
	...maybe("attempts", field.at("attempts").integer()),
	codes: field
		.at("codes")
		.items()
		.flatMap((code) => code.integer() ?? []),
	...maybe("backoff", field.at("backoff").text()),
})

function percentOf(mirror: Field): number {
	const fraction = mirror.at("fraction")
	if (!fraction.present) return mirror.at("percent").integer() ?? 100
	return (100 * (fraction.at("numerator").integer() ?? 0)) / (fraction.at("denominator").integer() ?? 100)
}

const pathOf = (field: Field): PathChange => ({
	...maybe("full", field.at("replaceFullPath").text()),
	...maybe("prefix", field.at("replacePrefixMatch").text()),
})

const valuesOf = (field: Field): readonly ValueMatch[] =>
	field.items().map((one) => ({
		name: one.at("name").text() ?? "",
		regex: one.at("type").text() === "RegularExpression",
		value: one.at("value").text() ?? "",
	}))

const matchOf = (match: Field): RouteMatch => ({
	path: {
		kind: match.at("path").at("type").word(kinds) ?? "PathPrefix",
		value: match.at("path").at("value").text() ?? "/",
	},
	...maybe("method", match.at("method").text()),
	headers: valuesOf(match.at("headers")),
	query: valuesOf(match.at("queryParams")),
})

const backendOf = (field: Field, own: string): BackendRef => ({
	name: field.at("name").text() ?? "",
	namespace: field.at("namespace").text() ?? own,
	port: field.at("port").integer() ?? 0,
	weight: field.at("weight").integer() ?? 1,
	changes: changesOf(field.at("filters").items()),
})

function changesOf(filters: readonly Field[]): readonly HeaderChange[] {
	const sides = [
		["request", "requestHeaderModifier"],
		["response", "responseHeaderModifier"],
	] as const
	return sides.flatMap(([on, name]) =>
		filters.flatMap((filter) => {
			const side = filter.at(name)
			const valued = (op: "set" | "add") =>
				side
					.at(op)
					.items()
					.map((one) => ({on, op, name: one.at("name").text() ?? "", value: one.at("value").text() ?? ""}))
			const removed = side
				.at("remove")
				.texts()
				.map((one) => ({on, op: "remove", name: one}) as const)
			return [...valued("set"), ...valued("add"), ...removed]
		}),
	)
}
