import type {KubeObject} from "../snapshot/object.ts"
import {backendOf, type RouteWorld} from "./backends.ts"
import {millisOf} from "./durations.ts"
import {maybe} from "./maybe.ts"
import {inPrecedence} from "./precedence.ts"
import {
	type BackendRef,
	type PathChange,
	type RouteMatch,
	type RouteRule,
	readHTTPRoute,
	type ValueMatch,
} from "./read-http-route.ts"
import {
	impliedPort,
	joinedShares,
	type Outcome,
	type Retries,
	type RoutedRequest,
	retriesByDefault,
} from "./request.ts"

/**
 * What Istio does with a request to a Service by HTTPRoutes in its namespace: the same at a caller's sidecar and at a
 * waypoint. Source: istio:pilot/pkg/config/kube/gateway/conversion.go, which makes a VirtualService of each.
 */
export function decideByHTTPRoutes(
	world: RouteWorld,
	routes: readonly KubeObject[],
	request: RoutedRequest,
): Outcome {
	const {service, port} = request
	const rules = routes
		.map((one) => readHTTPRoute(one).value)
		.filter(({parents}) =>
			parents.some(
				(one) =>
					one.name === service.name &&
					one.namespace === service.namespace &&
					(one.port === undefined || one.port === port),
			),
		)
		.flatMap((route) => route.rules)
	if (rules.length === 0) return {kind: "unrouted"}
	const arms = rules.flatMap((rule) => rule.matches.map((match) => ({rule, match})))
	const found = inPrecedence(arms).find(({match}) => matches(match, request))
	return found === undefined ? {kind: "unmatched"} : applied(world, found, request)
}

const regexMatches = (regex: string, value: string) => new RegExp(`^(?:${regex})$`).test(value)

/** A prefix ends where an element of the path ends. */
function pathMatches({kind, value}: RouteMatch["path"], path: string): boolean {
	if (kind === "Exact") return path === value
	if (kind === "RegularExpression") return regexMatches(value, path)
	const prefix = value.replace(/\/$/, "")
	return path === prefix || path.startsWith(`${prefix}/`)
}

const valueMatches = ({regex, value}: ValueMatch, given: string | undefined): boolean =>
	given !== undefined && (regex ? regexMatches(value, given) : value === given)

const matches = (match: RouteMatch, {path, method, headers, query}: RoutedRequest): boolean =>
	pathMatches(match.path, path) &&
	(match.method === undefined || match.method === method) &&
	match.headers.every((one) => valueMatches(one, headers[one.name.toLowerCase()])) &&
	match.query.every((one) => valueMatches(one, query[one.name]))

type Arm = {readonly rule: RouteRule; readonly match: RouteMatch}

function applied(world: RouteWorld, {rule, match}: Arm, request: RoutedRequest): Outcome {
	const {redirect, rewrite, backends} = rule
	const pathBy = (change: PathChange) => changed(change, match, request.path)
	if (redirect !== undefined) {
		const {code, scheme, host} = redirect
		return {
			kind: "redirect",
			code,
			...maybe("scheme", scheme),
			...maybe("host", host),
			port: impliedPort(scheme, redirect.port ?? (scheme === undefined ? request.port : 0)),
			...maybe("path", pathBy(redirect.path)),
			changes: rule.changes,
		}
	}
	const total = backends.reduce((sum, {weight}) => sum + weight, 0)
	if (total === 0) return {kind: "respond", status: 500}
	const to = ({name, namespace, port}: BackendRef) => backendOf(world, {service: {name, namespace}, port})
	return {
		kind: "forward",
		shares: joinedShares(
			backends
				.filter(({weight}) => weight > 0)
				.map((one) => ({
					to: to(one),
					share: one.weight / total,
					changes: [...rule.changes, ...one.changes],
				})),
		),
		path: pathBy(rewrite?.path ?? {}) ?? request.path,
		...maybe("host", rewrite?.host),
		...maybe("timeoutMs", timeoutOf(rule) || undefined),
		...maybe("retries", retriesOf(rule)),
		mirrors: rule.mirrors
			.filter(({percent}) => percent > 0)
			.map(({backend, percent}) => ({to: to(backend), percent})),
	}
}

function changed({full, prefix}: PathChange, match: RouteMatch, path: string): string | undefined {
	if (full !== undefined) return full
	if (prefix === undefined) return undefined
	const rest = path.slice(match.path.value.replace(/\/$/, "").length)
	return `${prefix.replace(/\/$/, "")}${rest}` || "/"
}

/** Without retries the timeout of a try is that of the request. */
const timeoutOf = ({request, backendRequest, retry}: RouteRule): number =>
	millisOf((retry === undefined ? backendRequest : undefined) ?? request ?? "0s") ?? 0

/** Where codes are given, failed connections are retried as well. */
function retriesOf({retry, backendRequest}: RouteRule): Retries | undefined {
	if (retry === undefined) return retriesByDefault
	const attempts = retry.attempts ?? retriesByDefault.attempts
	if (attempts === 0) return undefined
	return {
		attempts,
		on: [...new Set([...retriesByDefault.on, ...retry.codes.map(String)])].sort(),
		...maybe("perTryMs", millisOf(backendRequest ?? "") || undefined),
		...maybe("backoffMs", millisOf(retry.backoff ?? "")),
	}
}
