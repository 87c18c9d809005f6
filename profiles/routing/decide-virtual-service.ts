import {backendOf, type RouteWorld, serviceNamed, serviceOfHost} from "./backends.ts"
import {millisOf} from "./durations.ts"
import {maybe} from "./maybe.ts"
import type {
	Destination,
	HTTPMatch,
	HTTPRule,
	Redirect,
	TextMatch,
	VirtualRetries,
	VirtualService,
} from "./read-virtual-service.ts"
import {
	type Backend,
	impliedPort,
	joinedShares,
	type Outcome,
	type Retries,
	type RoutedRequest,
	retriesByDefault,
} from "./request.ts"

export type Written = {readonly routes: VirtualService; readonly namespace: string}

/**
 * What a sidecar of Istio's does with a request by the VirtualService of its host; the first rule that matches
 * decides. Source: istio:pilot/pkg/networking/core/route/route.go.
 */
export function decideByVirtualService(
	world: RouteWorld,
	{routes, namespace}: Written,
	request: RoutedRequest,
): Outcome {
	const isMeant = routes.hosts.some((host) => {
		const service = serviceOfHost(host, namespace)
		return service?.name === request.service.name && service.namespace === request.service.namespace
	})
	if (!isMeant || routes.http.length === 0) return {kind: "unrouted"}
	const rules = routes.http.flatMap((rule) => {
		const matches: readonly (HTTPMatch | undefined)[] = rule.matches.length === 0 ? [undefined] : rule.matches
		return matches.map((match) => ({rule, match}))
	})
	const here = rules.filter(({match}) => match === undefined || isFor(match, request))
	if (here.length === 0) return {kind: "unrouted"}
	const found = here.find(({match}) => match === undefined || matches(match, request))
	if (found === undefined) return {kind: "unmatched"}
	return applied(world, {...found, namespace, request})
}

/** Rules for another port or for other callers are left out before anything is compared. */
const isFor = (
	{port, sourceLabels, sourceNamespace, gateways}: HTTPMatch,
	{port: own, source}: RoutedRequest,
) =>
	(port === undefined || port === own) &&
	(gateways.length > 0
		? gateways.includes("mesh")
		: Object.entries(sourceLabels).every(([key, value]) => source.labels[key] === value) &&
			(sourceNamespace === undefined || sourceNamespace === source.namespace))

function textMatches(match: TextMatch, value: string | undefined): boolean {
	if (value === undefined) return false
	switch (match.kind) {
		case "present":
			return true
		case "exact":
			return value === match.value
		case "prefix":
			return value.startsWith(match.value)
		case "regex":
			return new RegExp(`^(?:${match.value})$`).test(value)
	}
}

const optional = (match: TextMatch | undefined, value: string) =>
	match === undefined || textMatches(match, value)

function uriMatches({uri, ignoreCase}: HTTPMatch, path: string): boolean {
	if (uri === undefined) return true
	if (!ignoreCase || uri.kind === "present" || uri.kind === "regex") return textMatches(uri, path)
	return textMatches({...uri, value: uri.value.toLowerCase()}, path.toLowerCase())
}

const matches = (match: HTTPMatch, {path, method, headers, query, service}: RoutedRequest): boolean =>
	uriMatches(match, path) &&
	optional(match.method, method) &&
	optional(match.authority, service.name) &&
	optional(match.scheme, "http") &&
	Object.entries(match.headers).every(([name, text]) => textMatches(text, headers[name.toLowerCase()])) &&
	Object.entries(match.query).every(([name, text]) => textMatches(text, query[name])) &&
	!Object.entries(match.withoutHeaders).some(([name, text]) => textMatches(text, headers[name.toLowerCase()]))

type Found = {
	readonly rule: HTTPRule
	readonly match: HTTPMatch | undefined
	readonly namespace: string
	readonly request: RoutedRequest
}

function applied(world: RouteWorld, found: Found): Outcome {
	const {rule, match, request} = found
	if (rule.redirect !== undefined) return redirected(rule.redirect, rule.changes, request)
	if (rule.respond !== undefined) return {kind: "respond", status: rule.respond}
	const to = (one: Destination) => backend(world, one, found)
	const total = rule.route.reduce((sum, {weight}) => sum + weight, 0)
	const only = rule.route.length === 1
	const fault = [rule.delay, rule.abort].filter((one) => one !== undefined).join(" ")
	return {
		kind: "forward",
		shares: joinedShares(
			rule.route
				.filter(({weight}) => only || weight > 0)
				.map(({destination, weight, changes}) => ({
					to: to(destination),
					share: only ? 1 : weight / total,
					changes: [...rule.changes, ...changes],
				})),
		),
		path: rewritten(rule, match, request.path),
		...maybe("host", rule.rewrite?.authority),
		...maybe("timeoutMs", millisOf(rule.timeout ?? "0s") || undefined),
		...maybe("retries", retriesOf(rule.retries)),
		mirrors: rule.mirrors
			.filter(({percent}) => percent > 0)
			.map(({destination, percent}) => ({to: to(destination), percent})),
		...maybe("fault", fault || undefined),
	}
}

function redirected(
	{code, scheme, authority, uri, port, derivePort}: Redirect,
	changes: HTTPRule["changes"],
	request: RoutedRequest,
): Outcome {
	const named = port ?? (derivePort === "FROM_REQUEST_PORT" ? request.port : 0)
	return {
		kind: "redirect",
		code,
		...maybe("scheme", scheme),
		...maybe("host", authority),
		port: impliedPort(scheme, named),
		...maybe("path", uri),
		changes,
	}
}

/** Envoy puts the new text in the place of what the match compared, which of an exact match is all of it. */
function rewritten({rewrite}: HTTPRule, match: HTTPMatch | undefined, path: string): string {
	if (rewrite?.uri === undefined) return path
	const uri = match?.uri
	if (uri?.kind === "exact") return rewrite.uri
	return rewrite.uri + path.slice(uri?.kind === "prefix" ? uri.value.length : 1)
}

function backend(world: RouteWorld, one: Destination, {namespace, request}: Found): Backend | undefined {
	const service = serviceOfHost(one.host, namespace)
	if (service === undefined) return undefined
	const ports = serviceNamed(world, service)?.spec?.ports ?? []
	const port = one.port ?? (ports.length === 1 ? ports[0]?.port : undefined) ?? request.port
	return backendOf(world, {service, port, ...(one.subset === undefined ? {} : {subset: one.subset})})
}

function retriesOf(given: VirtualRetries | undefined): Retries | undefined {
	if (given === undefined) return retriesByDefault
	if (given.attempts <= 0) return undefined
	const on = given.retryOn?.split(",").map((one) => one.trim()) ?? retriesByDefault.on
	return {
		attempts: given.attempts,
		// It names the codes that stand beside it, and says nothing alone.
		on: [...new Set(on)].filter((one) => one !== "retriable-status-codes").sort(),
		...maybe("perTryMs", millisOf(given.perTry ?? "")),
		...maybe("backoffMs", millisOf(given.backoff ?? "")),
		...maybe("more", given.more.length === 0 ? undefined : given.more),
	}
}
