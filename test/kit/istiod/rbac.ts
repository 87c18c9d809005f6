import {contains} from "../../../profiles/apis/kubernetes/cidr.ts"
import type {Request} from "../../../profiles/policy/request.ts"
import {principalOf} from "../../../profiles/policy/request.ts"

/*
 * Envoy's role-based access control as far as istiod writes it, out of Envoy's own reference and of nothing of ours:
 * what it does not know it refuses. Fields are named as in JSON.
 * Source: https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/rbac/v3/rbac.proto
 */

type Text = {
	readonly exact?: string
	readonly prefix?: string
	readonly suffix?: string
	readonly safeRegex?: {readonly regex: string}
	readonly ignoreCase?: boolean
}
type Block = {readonly addressPrefix: string; readonly prefixLen?: number}
type Header = {readonly name: string; readonly stringMatch?: Text; readonly presentMatch?: boolean}
type Value =
	| {readonly stringMatch: Text}
	| {readonly listMatch: {readonly oneOf: Value}}
	| {readonly orMatch: {readonly valueMatchers: readonly Value[]}}
type Metadata = {
	readonly filter: string
	readonly path: readonly {readonly key: string}[]
	readonly value: Value
}

/** A permission or a principal: one matcher by its name. */
type Matcher = Readonly<Record<string, unknown>>

export type Rules = {
	/** Absent for ALLOW. */
	readonly action?: "DENY" | "LOG"
	readonly policies?: Readonly<
		Record<string, {readonly permissions: readonly Matcher[]; readonly principals: readonly Matcher[]}>
	>
}

/** What Envoy sees of a request. */
type Seen = {
	readonly principal: string | undefined
	readonly sourceIP: string
	readonly destinationIP: string
	readonly port: number
	readonly path: string | undefined
	readonly headers: Readonly<Record<string, string>>
	readonly metadata: Readonly<Record<string, unknown>>
}

/** What Envoy sees of it; the filter of tokens leaves the claims of a verified one as metadata. */
function seenOf({source, destination, http}: Request): Seen {
	const {token} = http ?? {}
	const payload = token && {
		iss: token.issuer,
		sub: token.subject,
		aud: token.audiences,
		...(token.presenter !== undefined && {azp: token.presenter}),
		...token.claims,
	}
	return {
		principal: source.identity && `spiffe://${principalOf(source.identity)}`,
		sourceIP: source.ip,
		destinationIP: destination.ip,
		port: destination.port,
		path: http?.path,
		headers: http ? {...http.headers, ":method": http.method, ":authority": http.host} : {},
		metadata: payload ? {"envoy.filters.http.jwt_authn": {payload}} : {},
	}
}

/** Whether filters in this order let a request pass: a DENY that matches ends it, and so does an ALLOW that does not. */
export function admits(filters: readonly Rules[], request: Request): boolean {
	const seen = seenOf(request)
	return filters.every(({action = "ALLOW", policies = {}}) => {
		const matched = Object.values(policies).some(
			({permissions, principals}) =>
				permissions.some((one) => holds(one, seen)) && principals.some((one) => holds(one, seen)),
		)
		return action === "LOG" || matched === (action === "ALLOW")
	})
}

const all = (list: readonly Matcher[] = [], seen: Seen) => list.every((one) => holds(one, seen))
const some = (list: readonly Matcher[] = [], seen: Seen) => list.some((one) => holds(one, seen))

type Set = {readonly rules?: readonly Matcher[]; readonly ids?: readonly Matcher[]}

const matchers: Readonly<Record<string, (given: never, seen: Seen) => boolean>> = {
	any: (given: boolean) => given,
	andRules: ({rules}: Set, seen) => all(rules, seen),
	andIds: ({ids}: Set, seen) => all(ids, seen),
	orRules: ({rules}: Set, seen) => some(rules, seen),
	orIds: ({ids}: Set, seen) => some(ids, seen),
	notRule: (one: Matcher, seen) => !holds(one, seen),
	notId: (one: Matcher, seen) => !holds(one, seen),
	authenticated: ({principalName}: {principalName: Text}, {principal}) => isText(principalName, principal),
	filterState: ({key, stringMatch}: {key: string; stringMatch: Text}, {principal}) => {
		if (key !== "io.istio.peer_principal") throw new RangeError(`filter state ${key} is not known`)
		return isText(stringMatch, principal)
	},
	directRemoteIp: (block: Block, {sourceIP}) => isIn(block, sourceIP),
	remoteIp: (block: Block, {sourceIP}) => isIn(block, sourceIP),
	destinationIp: (block: Block, {destinationIP}) => isIn(block, destinationIP),
	destinationPort: (given: number, {port}) => given === port,
	urlPath: ({path}: {path: Text}, seen) => isText(path, seen.path),
	header: ({name, stringMatch, presentMatch}: Header, {headers}) => {
		const value = headers[name.toLowerCase()]
		return presentMatch === true ? value !== undefined : isText(stringMatch ?? {}, value)
	},
	metadata: ({filter, path, value}: Metadata, {metadata}) =>
		isValue(value, at(metadata, [filter, ...path.map(({key}) => key)])),
}

function holds(matcher: Matcher, seen: Seen): boolean {
	const [[name, given] = ["nothing", undefined], ...more] = Object.entries(matcher)
	const known = matchers[name]
	if (known === undefined || more.length > 0)
		throw new RangeError(`not known of Envoy's RBAC: ${JSON.stringify(matcher)}`)
	return known(given as never, seen)
}

const isIn = ({addressPrefix, prefixLen = 0}: Block, ip: string) =>
	contains(`${addressPrefix}/${prefixLen}`, ip)

/** Regular expressions match the whole text. */
function isText(
	{exact, prefix, suffix, safeRegex, ignoreCase = false}: Text,
	text: string | undefined,
): boolean {
	if (text === undefined) return false
	const folded = (one: string) => (ignoreCase ? one.toLowerCase() : one)
	if (exact !== undefined) return folded(text) === folded(exact)
	if (prefix !== undefined) return folded(text).startsWith(folded(prefix))
	if (suffix !== undefined) return folded(text).endsWith(folded(suffix))
	if (safeRegex !== undefined) return new RegExp(`^(?:${safeRegex.regex})$`, "u").test(text)
	throw new RangeError("a match of texts without a pattern")
}

const at = (tree: unknown, path: readonly string[]): unknown =>
	path.reduce<unknown>(
		(inner, key) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, key) : undefined),
		tree,
	)

function isValue(matcher: Value, value: unknown): boolean {
	if ("stringMatch" in matcher) return typeof value === "string" && isText(matcher.stringMatch, value)
	if ("listMatch" in matcher)
		return Array.isArray(value) && value.some((one) => isValue(matcher.listMatch.oneOf, one))
	if ("orMatch" in matcher) return matcher.orMatch.valueMatchers.some((one) => isValue(one, value))
	throw new RangeError(`not known of Envoy's values: ${JSON.stringify(matcher)}`)
}
