import type {Field} from "../apis/read.ts"
import {reader} from "../apis/use.ts"
import type {StringMap} from "../snapshot/object.ts"
import {maybe} from "./maybe.ts"
import type {HeaderChange} from "./request.ts"

/** A StringMatch of Istio's; an empty one only asks that there is something. */
export type TextMatch =
	| {readonly kind: "exact" | "prefix" | "regex"; readonly value: string}
	| {readonly kind: "present"}

export type HTTPMatch = {
	readonly path: string
	readonly uri?: TextMatch
	readonly ignoreCase: boolean
	readonly method?: TextMatch
	readonly headers: Readonly<Record<string, TextMatch>>
	readonly query: Readonly<Record<string, TextMatch>>
	readonly withoutHeaders: Readonly<Record<string, TextMatch>>
	readonly authority?: TextMatch
	readonly scheme?: TextMatch
	readonly port?: number
	readonly sourceNamespace?: string
	readonly sourceLabels: StringMap
	readonly gateways: readonly string[]
}

export type Destination = {
	readonly path: string
	readonly host: string
	readonly subset?: string
	readonly port?: number
}

export type Weighted = {
	readonly path: string
	readonly destination: Destination
	readonly weight: number
	readonly changes: readonly HeaderChange[]
}

export type Redirect = {
	readonly code: number
	readonly uri?: string
	readonly authority?: string
	readonly scheme?: string
	readonly port?: number
	readonly derivePort?: string
}

export type Rewrite = {readonly uri?: string; readonly authority?: string; readonly regex: boolean}

export type VirtualRetries = {
	readonly attempts: number
	readonly retryOn?: string
	readonly perTry?: string
	readonly backoff?: string
	/** Paths of what only Istio's own API can say. */
	readonly more: readonly string[]
}

export type HTTPRule = {
	readonly path: string
	readonly matches: readonly HTTPMatch[]
	readonly route: readonly Weighted[]
	readonly redirect?: Redirect
	readonly respond?: number
	readonly rewrite?: Rewrite
	readonly timeout?: string
	readonly retries?: VirtualRetries
	readonly mirrors: readonly {readonly destination: Destination; readonly percent: number}[]
	readonly delay?: string
	readonly abort?: string
	readonly changes: readonly HeaderChange[]
	/** Paths of members that are not read here. */
	readonly unknown: readonly string[]
}

export type VirtualService = {
	readonly hosts: readonly string[]
	readonly gateways: readonly string[]
	readonly exportTo: readonly string[]
	readonly http: readonly HTTPRule[]
	/** Rules about connections, each with its destinations; `plain` where it matches everything. */
	readonly connections: readonly {
		readonly path: string
		readonly plain: boolean
		readonly destinations: readonly Destination[]
	}[]
}

export const readVirtualRoutes = reader(
	(spec): VirtualService => ({
		hosts: spec.at("hosts").texts(),
		gateways: spec.at("gateways").texts(),
		exportTo: spec.at("exportTo").texts(),
		http: spec.at("http").items().map(ruleOf),
		connections: [...spec.at("tcp").items(), ...spec.at("tls").items()].map((rule) => ({
			path: rule.path,
			plain: rule.at("match").items().length === 0,
			destinations: rule
				.at("route")
				.items()
				.map((one) => destinationOf(one.at("destination"))),
		})),
	}),
)

const ruleKeys = new Set(
	"name match route redirect directResponse rewrite timeout retries fault mirror mirrors mirrorPercentage headers".split(
		" ",
	),
)

function ruleOf(rule: Field): HTTPRule {
	const redirect = rule.at("redirect")
	const response = rule.at("directResponse")
	const rewrite = rule.at("rewrite")
	const retries = rule.at("retries")
	const fault = rule.at("fault")
	return {
		path: rule.path,
		matches: rule.at("match").items().map(matchOf),
		route: rule
			.at("route")
			.items()
			.map((one) => ({
				path: one.path,
				destination: destinationOf(one.at("destination")),
				weight: one.at("weight").integer() ?? 0,
				changes: changesOf(one.at("headers")),
			})),
		...maybe("redirect", redirect.present ? redirectOf(redirect) : undefined),
		...maybe("respond", response.present ? (response.at("status").integer() ?? 0) : undefined),
		...maybe("rewrite", rewrite.present ? rewriteOf(rewrite) : undefined),
		...maybe("timeout", rule.at("timeout").text()),
		...maybe("retries", retries.present ? retriesOf(retries) : undefined),
		mirrors: mirrorsOf(rule),
		...maybe("delay", fault.at("delay").present ? fault.at("delay").canonical() : undefined),
		...maybe("abort", fault.at("abort").present ? fault.at("abort").canonical() : undefined),
		changes: changesOf(rule.at("headers")),
		unknown: rule.entries().flatMap(([key, member]) => (ruleKeys.has(key) ? [] : [member.path])),
	}
}

const matchTexts = (match: Field, key: string) =>
	Object.fromEntries(
		match
			.at(key)
			.entries()
			.map(([name, text]) => [name, textOf(text)]),
	)

function matchOf(match: Field): HTTPMatch {
	const text = (key: string) => maybe(key as "uri", match.at(key).present ? textOf(match.at(key)) : undefined)
	return {
		path: match.path,
		...text("uri"),
		...text("method"),
		...text("authority"),
		...text("scheme"),
		ignoreCase: match.at("ignoreUriCase").flag() ?? false,
		headers: matchTexts(match, "headers"),
		query: matchTexts(match, "queryParams"),
		withoutHeaders: matchTexts(match, "withoutHeaders"),
		...maybe("port", match.at("port").integer()),
		...maybe("sourceNamespace", match.at("sourceNamespace").text()),
		sourceLabels: match.at("sourceLabels").stringMap(),
		gateways: match.at("gateways").texts(),
	}
}

function textOf(field: Field): TextMatch {
	for (const kind of ["exact", "prefix", "regex"] as const) {
		const value = field.at(kind).text()
		if (value === undefined) continue
		// `*` is no regular expression: Istio reads it as a question for presence (istio#20629).
		return kind === "regex" && value === "*" ? {kind: "present"} : {kind, value}
	}
	return {kind: "present"}
}

const destinationOf = (field: Field): Destination => ({
	path: field.path,
	host: field.at("host").text() ?? "",
	...maybe("subset", field.at("subset").text()),
	...maybe("port", field.at("port").at("number").integer()),
})

const redirectOf = (field: Field): Redirect => ({
	code: field.at("redirectCode").integer() ?? 301,
	...maybe("uri", field.at("uri").text()),
	...maybe("authority", field.at("authority").text()),
	...maybe("scheme", field.at("scheme").text()),
	...maybe("port", field.at("port").integer()),
	...maybe("derivePort", field.at("derivePort").text()),
})

const rewriteOf = (field: Field): Rewrite => ({
	...maybe("uri", field.at("uri").text()),
	...maybe("authority", field.at("authority").text()),
	regex: field.at("uriRegexRewrite").present,
})

const retriesOf = (field: Field): VirtualRetries => ({
	attempts: field.at("attempts").integer() ?? 0,
	...maybe("retryOn", field.at("retryOn").text() || undefined),
	...maybe("perTry", field.at("perTryTimeout").text()),
	...maybe("backoff", field.at("backoff").text()),
	more: ["retryRemoteLocalities", "retryIgnorePreviousHosts"]
		.map((key) => field.at(key))
		.filter(({present}) => present)
		.map(({path}) => path),
})

/** A share of requests; all of them where nothing is said. */
function percentOf(field: Field): number {
	const value = Number(field.at("value").present ? field.at("value").canonical() : 0)
	return field.present ? value : 100
}

function mirrorsOf(rule: Field): HTTPRule["mirrors"] {
	const single = rule.at("mirror")
	return [
		...(single.present
			? [{destination: destinationOf(single), percent: percentOf(rule.at("mirrorPercentage"))}]
			: []),
		...rule
			.at("mirrors")
			.items()
			.map((one) => ({
				destination: destinationOf(one.at("destination")),
				percent: percentOf(one.at("percentage")),
			})),
	]
}

function changesOf(headers: Field): readonly HeaderChange[] {
	return (["request", "response"] as const).flatMap((on) => {
		const side = headers.at(on)
		const valued = (op: "set" | "add") =>
			Object.entries(side.at(op).stringMap()).map(([name, value]) => ({on, op, name, value}))
		const removed = side
			.at("remove")
			.texts()
			.map((name) => ({on, op: "remove", name}) as const)
		return [...valued("set"), ...valued("add"), ...removed]
	})
}
