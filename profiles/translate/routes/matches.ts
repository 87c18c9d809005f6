import type {RouteMatch, ValueMatch} from "../../routing/read-http-route.ts"
import type {HTTPMatch, TextMatch} from "../../routing/read-virtual-service.ts"
import type {FieldVerdict} from "../types.ts"

/**
 * How paths are written: by elements, as most people mean a prefix, or as regular expressions, which say exactly what
 * Istio's prefix of characters says. One way for all rules of a route: Istio compares prefixes before expressions.
 */
export type Writing = "elements" | "expressions"

export type Carried = {readonly match: RouteMatch; readonly fields: readonly FieldVerdict[]}

const methods = new Set("GET HEAD POST PUT DELETE CONNECT OPTIONS TRACE PATCH".split(" "))
/** What the CRD of HTTPRoute admits as the name of a header or of a parameter. */
const nameShape = /^[A-Za-z0-9!#$%&'*+\-.^_`|~]+$/
/** What it refuses in a path (gateway-api:apis/v1/httproute_types.go). */
const refusedPath = /\/\/|\/\.\/|\/\.\.\/|%2[fF]|#|\/\.\.?$|\?/

const quoted = (text: string) => text.replace(/[\\.+*?()|[\]{}^$]/g, "\\$&")

/** A regular expression that the whole of a value has to match. */
function expressionOf(text: TextMatch): string {
	switch (text.kind) {
		case "present":
			return ".*"
		case "exact":
			return quoted(text.value)
		case "prefix":
			return `${quoted(text.value)}.*`
		case "regex":
			return text.value
	}
}

const without: readonly (readonly [key: string, used: (match: HTTPMatch) => boolean, note: string])[] = [
	[
		"withoutHeaders",
		({withoutHeaders}) => Object.keys(withoutHeaders).length > 0,
		"an HTTPRoute cannot ask for a header to be absent",
	],
	["authority", ({authority}) => authority !== undefined, "an HTTPRoute of a Service matches no host"],
	["scheme", ({scheme}) => scheme !== undefined, "an HTTPRoute matches no scheme"],
	["port", ({port}) => port !== undefined, "an HTTPRoute is for a port as a whole, not a match of it"],
	[
		"sourceLabels",
		({sourceLabels}) => Object.keys(sourceLabels).length > 0,
		"a waypoint does not know the labels of a caller",
	],
	[
		"sourceNamespace",
		({sourceNamespace}) => sourceNamespace !== undefined,
		"a waypoint routes for callers of every namespace alike",
	],
	["gateways", ({gateways}) => gateways.length > 0, "an HTTPRoute of a Service is not for a gateway"],
]

/** One match of a VirtualService; none at all matches everything. */
export function carryMatch(match: HTTPMatch | undefined, writing: Writing): Carried {
	if (match === undefined) return {match: {path: anyPath(writing), headers: [], query: []}, fields: []}
	const path = pathOf(match, writing)
	const method = methodOf(match)
	const headers = valuesOf(match, "headers")
	const query = valuesOf(match, "query")
	return {
		match: {
			path: path.path,
			...method.method,
			headers: headers.values,
			query: query.values,
		},
		fields: [
			...path.fields,
			...method.fields,
			...headers.fields,
			...query.fields,
			...without
				.filter(([, isUsed]) => isUsed(match))
				.map(([key, , note]): FieldVerdict => ({path: `${match.path}.${key}`, verdict: "blocked", note})),
		],
	}
}

const anyPath = (writing: Writing): RouteMatch["path"] =>
	writing === "elements" ? {kind: "PathPrefix", value: "/"} : {kind: "RegularExpression", value: "/.*"}

type Path = {readonly path: RouteMatch["path"]; readonly fields: readonly FieldVerdict[]}

function pathOf({uri, ignoreCase, path: at}: HTTPMatch, writing: Writing): Path {
	if (uri === undefined || uri.kind === "present") return {path: anyPath(writing), fields: []}
	const said = (verdict: FieldVerdict["verdict"], note?: string): readonly FieldVerdict[] => [
		{path: `${at}.uri`, verdict, ...(note === undefined ? {} : {note})},
	]
	if (uri.kind !== "regex" && !uri.value.startsWith("/"))
		return {path: anyPath(writing), fields: said("blocked", "the path of an HTTPRoute begins with /")}
	if (uri.kind === "prefix" && uri.value === "/") return {path: anyPath(writing), fields: said("exact")}
	if (ignoreCase && uri.kind !== "regex") {
		const value = `(?i:${expressionOf(uri)})`
		return {path: {kind: "RegularExpression", value}, fields: said("exact", `as the expression ${value}`)}
	}
	if (uri.kind !== "regex" && refusedPath.test(uri.value))
		return {path: anyPath(writing), fields: said("blocked", "an HTTPRoute takes no such path")}
	if (uri.kind === "exact") return {path: {kind: "Exact", value: uri.value}, fields: said("exact")}
	const value = expressionOf(uri)
	if (uri.kind === "regex" || writing === "expressions")
		return {
			path: {kind: "RegularExpression", value},
			fields: said("exact", uri.kind === "regex" ? undefined : `as the expression ${value}`),
		}
	const prefix = uri.value.replace(/\/$/, "")
	return {
		path: {kind: "PathPrefix", value: prefix},
		fields: said(
			"approximated",
			`by elements of the path: ${prefix} matches ${prefix} and ${prefix}/…, and no longer ${prefix}…`,
		),
	}
}

function methodOf({method, path}: HTTPMatch) {
	if (method === undefined || method.kind === "present") return {method: {}, fields: []}
	const isKnown = method.kind === "exact" && methods.has(method.value)
	const note = "an HTTPRoute matches one of the methods that HTTP names"
	const field: FieldVerdict = isKnown
		? {path: `${path}.method`, verdict: "exact"}
		: {path: `${path}.method`, verdict: "blocked", note}
	return {method: isKnown ? {method: method.value} : {}, fields: [field]}
}

function valuesOf(match: HTTPMatch, key: "headers" | "query") {
	const all = Object.entries(match[key])
	const values = all.map(
		([name, text]): ValueMatch =>
			text.kind === "exact"
				? {name, regex: false, value: text.value}
				: {name, regex: true, value: expressionOf(text)},
	)
	const path = `${match.path}.${key === "query" ? "queryParams" : key}`
	const fields = values.map(({name, value}): FieldVerdict => {
		const at = `${path}.${name}`
		if (!nameShape.test(name)) return {path: at, verdict: "blocked", note: "an HTTPRoute takes no such name"}
		if (value === "") return {path: at, verdict: "blocked", note: "an HTTPRoute takes no empty value"}
		return {path: at, verdict: "exact"}
	})
	return {values, fields}
}
