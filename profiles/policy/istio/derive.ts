import {edgesOf} from "../blocks.ts"
import {
	type Callee,
	type HTTPRequest,
	type Identity,
	principalOf,
	type Request,
	type Token,
} from "../request.ts"
import type {Policy, Rule, Values} from "./read.ts"

/** A name that no policy gives to anything. */
const nobody = "heddle-nobody"

type Draft = {
	readonly identity: Identity
	readonly ip: string
	readonly http: HTTPRequest
	readonly port?: number
}

const plainToken: Token = {issuer: nobody, subject: nobody, audiences: [], claims: {}}

const drafted = (namespace: string): Draft => ({
	identity: {trustDomain: "cluster.local", namespace, serviceAccount: nobody},
	ip: "198.51.100.1",
	http: {method: "GET", path: `/${nobody}`, host: nobody, headers: {}},
})

/** Texts around a pattern: one that it matches, and those that it just does not. */
function around(pattern: string): readonly string[] {
	const core = pattern.replace(/^\*|\*$/g, "").replaceAll("*", "x")
	if (pattern === "*") return [nobody]
	if (pattern.startsWith("*")) return [`x${core}`, core, `${core}x`]
	if (pattern.endsWith("*")) return [`${core}x`, core, core.slice(0, -1)]
	return [core, `${core}x`, core.toUpperCase()]
}

type Edit = (draft: Draft) => Draft

const withIdentity =
	(change: Partial<Identity>): Edit =>
	(draft) => ({
		...draft,
		identity: {...draft.identity, ...change},
	})
const withHTTP =
	(change: Partial<HTTPRequest>): Edit =>
	(draft) => ({...draft, http: {...draft.http, ...change}})
const withToken =
	(change: Partial<Token>): Edit =>
	(draft) =>
		withHTTP({token: {...plainToken, ...draft.http.token, ...change}})(draft)

function byPrincipal(text: string): Edit {
	const [, trustDomain = "cluster.local", namespace = nobody, serviceAccount = nobody] =
		/^(.*)\/ns\/([^/]+)\/sa\/(.+)$/.exec(text) ?? []
	return withIdentity({trustDomain, namespace, serviceAccount})
}

/** A whole principal that a pattern of one matches, or nearly does. */
function principals(pattern: string): readonly string[] {
	if (/\/ns\/[^/]+\/sa\//.test(pattern) && !pattern.includes("*")) return around(pattern)
	if (pattern.startsWith("*"))
		return around(`cluster.local/ns/${nobody}${pattern.slice(1).replace(/^.*\/ns\/[^/]+/, "")}`)
	const [domain = "cluster.local", , namespace] = pattern.replace("*", "").split("/")
	return [`${domain}/ns/${namespace || nobody}/sa/${nobody}`, `${domain}x/ns/${nobody}/sa/${nobody}`]
}

const edits: Readonly<Record<string, (pattern: string) => readonly Edit[]>> = {
	principals: (pattern) => principals(pattern).map(byPrincipal),
	namespaces: (pattern) => around(pattern).map((namespace) => withIdentity({namespace})),
	serviceAccounts: (pattern) => {
		const [serviceAccount = nobody, namespace] = pattern.split("/").reverse()
		return [withIdentity({serviceAccount, ...(namespace === undefined ? {} : {namespace})})]
	},
	trustDomains: (pattern) => around(pattern).map((trustDomain) => withIdentity({trustDomain})),
	ipBlocks: (block) => edgesOf(block).map((ip) => (draft: Draft) => ({...draft, ip})),
	ports: (port) => [(draft) => ({...draft, port: Number(port)})],
	// There is no request without a method.
	methods: (pattern) => around(pattern).flatMap((method) => (method === "" ? [] : [withHTTP({method})])),
	paths: (pattern) => around(pattern).map((path) => withHTTP({path})),
	hosts: (pattern) => around(pattern).map((host) => withHTTP({host})),
	requestPrincipals: (pattern) =>
		around(pattern).map((text) => {
			const at = text.lastIndexOf("/")
			return withToken({
				issuer: text.slice(0, Math.max(0, at)) || nobody,
				subject: text.slice(at + 1) || nobody,
			})
		}),
	"request.auth.audiences": (pattern) => around(pattern).map((one) => withToken({audiences: [one]})),
	"request.auth.presenter": (pattern) => around(pattern).map((presenter) => withToken({presenter})),
}

const sameAs: Readonly<Record<string, string>> = {
	remoteIpBlocks: "ipBlocks",
	"source.ip": "ipBlocks",
	"remote.ip": "ipBlocks",
	"source.namespace": "namespaces",
	"source.principal": "principals",
	"source.serviceAccount": "serviceAccounts",
	"source.trustDomain": "trustDomains",
	"destination.port": "ports",
	"request.auth.principal": "requestPrincipals",
}

function editsFor(key: string, pattern: string): readonly Edit[] {
	const [, kind, name = ""] = /^request\.(headers|auth\.claims)\[(.+)\]$/.exec(key) ?? []
	if (kind === "headers")
		return around(pattern).map(
			(text) => (draft: Draft) =>
				withHTTP({headers: {...draft.http.headers, [name.toLowerCase()]: text}})(draft),
		)
	if (kind === "auth.claims") return around(pattern).map((text) => withToken({claims: {[name]: [text]}}))
	return edits[sameAs[key] ?? key]?.(pattern) ?? []
}

type Part = readonly (readonly [key: string, values: Values])[]

/** Every combination of one source, one operation and the conditions that a rule may hold by. */
function partsOf({from, to, when}: Rule): readonly Part[] {
	const conditions = when.map((one) => [one.key, one] as const)
	const sources = from.length === 0 ? [[]] : from.map((one) => Object.entries(one))
	const operations = to.length === 0 ? [[]] : to.map((one) => Object.entries(one))
	return sources.flatMap((source) => operations.map((operation) => [...source, ...operation, ...conditions]))
}

/** What meets one combination, then the same with each of its values in turn, matched, barely missed, or excluded. */
function draftsOf(part: Part, home: string): readonly Draft[] {
	const base = part.reduce((draft, [key, {any}]) => {
		const [first] = any[0] === undefined ? [] : editsFor(key, any[0])
		return first === undefined ? draft : first(draft)
	}, drafted(home))
	const varied = part.flatMap(([key, {any, none}]) =>
		[...any, ...none].flatMap((value) => editsFor(key, value).map((edit) => edit(base))),
	)
	const withoutToken =
		base.http.token === undefined ? [] : [{...base, http: {...base.http, ...noToken(base.http)}}]
	return [base, ...varied, ...withoutToken, {...base, http: {...base.http, method: "HEDDLE"}}]
}

function noToken({token: _, ...rest}: HTTPRequest): HTTPRequest {
	return rest
}

/** Most requests that a check asks; beyond it every so many are taken, the same each time. */
const most = 2000

export type Asking = {
	/** Its own calls are no requests of anybody's: whoever has it is trusted to pass on what it has checked. */
	readonly proxy?: Identity
	readonly callees: readonly Callee[]
}

/**
 * Requests at the boundaries of every rule: each value met, barely missed and excluded, from callers with identity and
 * without, over HTTP and not, to each of these pods.
 */
export function requestsFrom(policies: readonly Policy[], {proxy, callees}: Asking): readonly Request[] {
	const drafts = [
		drafted("default"),
		...policies.flatMap(({rules, namespace}) =>
			rules.flatMap((rule) => partsOf(rule).flatMap((part) => draftsOf(part, namespace))),
		),
	].filter(({identity}) => proxy === undefined || principalOf(identity) !== principalOf(proxy))
	const all = drafts.flatMap((draft) => callees.flatMap((callee) => asked(draft, callee)))
	const distinct = [...new Map(all.map((one) => [JSON.stringify(one), one])).values()]
	const stride = Math.ceil(distinct.length / most)
	return distinct.filter((_, index) => index % stride === 0)
}

function asked({identity, ip, http, port}: Draft, callee: Callee): readonly Request[] {
	const {namespace, serviceAccount} = identity
	const source = {namespace, serviceAccount, labels: {}, ip}
	const destination = port === undefined || callee.service !== undefined ? callee : {...callee, port}
	return [
		{source: {...source, identity}, destination, http},
		{source, destination, http},
		{source: {...source, identity}, destination},
	]
}
