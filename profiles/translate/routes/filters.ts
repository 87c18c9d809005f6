import type {HTTPMatch, HTTPRule, Redirect} from "../../routing/read-virtual-service.ts"
import type {HeaderChange} from "../../routing/request.ts"
import type {FieldVerdict} from "../types.ts"

export type Filters = {readonly filters: readonly object[]; readonly fields: readonly FieldVerdict[]}

const nameShape = /^[A-Za-z0-9!#$%&'*+\-.^_`|~]+$/
/** A host without a port, as the CRD of HTTPRoute admits it. */
const hostShape = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/

/** Changes of headers, of a rule or of one of its destinations. */
export function headerFilters(changes: readonly HeaderChange[], path: string): Filters {
	const sides = [
		["request", "RequestHeaderModifier", "requestHeaderModifier"],
		["response", "ResponseHeaderModifier", "responseHeaderModifier"],
	] as const
	const filters = sides.flatMap(([side, type, member]) => {
		const own = changes.filter(({on}) => on === side)
		if (own.length === 0) return []
		const valued = (wanted: "set" | "add") => {
			const found = own.filter(({op}) => op === wanted).map(({name, value = ""}) => ({name, value}))
			return found.length === 0 ? {} : {[wanted]: found}
		}
		const removed = own.filter(({op}) => op === "remove").map(({name}) => name)
		const change = {...valued("set"), ...valued("add"), ...(removed.length === 0 ? {} : {remove: removed})}
		return [{type, [member]: change}]
	})
	const fields = changes.map(({on, op, name, value}): FieldVerdict => {
		const at = `${path}.headers.${on}.${op}.${name}`
		if (!nameShape.test(name) || name.toLowerCase() === "host")
			return {path: at, verdict: "blocked", note: "an HTTPRoute changes no such header"}
		if (value === "") return {path: at, verdict: "blocked", note: "an HTTPRoute takes no empty value"}
		return {path: at, verdict: "exact"}
	})
	return {filters, fields}
}

/** `ports`: those on which callers reach the Service, since a redirect names the one that was called. */
export function redirectFilter(redirect: Redirect, path: string, ports: readonly number[]): Filters {
	const {code, scheme, authority, uri, port} = redirect
	const requestRedirect = {
		...(scheme === undefined ? {} : {scheme}),
		...(authority === undefined ? {} : {hostname: authority}),
		...(uri === undefined ? {} : {path: {type: "ReplaceFullPath", replaceFullPath: uri}}),
		...(port === undefined ? {} : {port}),
		statusCode: code,
	}
	const wrong = wrongIn(redirect, ports)
	return {
		filters: [{type: "RequestRedirect", requestRedirect}],
		fields: [
			wrong === undefined
				? {path: `${path}.redirect`, verdict: "exact"}
				: {path: `${path}.redirect.${wrong[0]}`, verdict: "blocked", note: wrong[1]},
		],
	}
}

function wrongIn(
	{code, scheme, authority, uri, port, derivePort}: Redirect,
	ports: readonly number[],
): readonly [key: string, note: string] | undefined {
	if (code !== 301 && code !== 302) return ["redirectCode", "an HTTPRoute redirects by 301 or 302"]
	if (scheme !== undefined && scheme !== "http" && scheme !== "https")
		return ["scheme", "an HTTPRoute redirects to http or https"]
	if (authority !== undefined && !hostShape.test(authority))
		return ["authority", "an HTTPRoute takes the name of a host here, without a port"]
	if (uri?.includes("%")) return ["uri", "an HTTPRoute puts nothing in the place of a variable"]
	if (port !== undefined) return undefined
	const fromRequest = derivePort === "FROM_REQUEST_PORT"
	const note =
		"without a port, an HTTPRoute with a scheme names none, and one without a scheme that of the request"
	if (scheme !== undefined) return fromRequest ? ["derivePort", note] : undefined
	return fromRequest || ports.every((one) => one === 80) ? undefined : ["port", note]
}

/** What a rewrite makes of the path depends on what the match compared. */
export function rewriteFilter(rule: HTTPRule, match: HTTPMatch | undefined): Filters {
	const {rewrite, path} = rule
	if (rewrite === undefined) return {filters: [], fields: []}
	const {uri, authority, regex} = rewrite
	const at = `${path}.rewrite`
	const isWhole = match?.uri?.kind === "exact"
	const change =
		uri === undefined
			? {}
			: {
					path: isWhole
						? {type: "ReplaceFullPath", replaceFullPath: uri}
						: {type: "ReplacePrefixMatch", replacePrefixMatch: uri},
				}
	const fields: FieldVerdict[] = []
	if (regex)
		fields.push({
			path: `${at}.uriRegexRewrite`,
			verdict: "blocked",
			note: "an HTTPRoute rewrites by no expression",
		})
	if (uri !== undefined) fields.push({path: `${at}.uri`, ...rewritten(isWhole, match)})
	if (authority !== undefined)
		fields.push(
			hostShape.test(authority)
				? {path: `${at}.authority`, verdict: "exact"}
				: {
						path: `${at}.authority`,
						verdict: "blocked",
						note: "an HTTPRoute takes the name of a host here, without a port",
					},
		)
	const urlRewrite = {...(authority === undefined ? {} : {hostname: authority}), ...change}
	return {filters: [{type: "URLRewrite", urlRewrite}], fields}
}

function rewritten(isWhole: boolean, match: HTTPMatch | undefined): Omit<FieldVerdict, "path"> {
	if (isWhole) return {verdict: "exact"}
	if (match?.uri?.kind === "regex" || match?.ignoreCase === true)
		return {verdict: "blocked", note: "an HTTPRoute rewrites a whole path, or what a prefix has matched"}
	return {
		verdict: "approximated",
		note: "by elements of the path: what follows the prefix begins with a /, once",
	}
}
