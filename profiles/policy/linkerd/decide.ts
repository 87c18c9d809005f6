import {contains} from "../../apis/kubernetes/cidr.ts"
import {selects} from "../../pods.ts"
import {
	allow,
	type Decision,
	deny,
	type HTTPRequest,
	type Identity,
	isPortNamed,
	type Request,
} from "../request.ts"
import type {AccessPolicy, LinkerdWorld, Match} from "./read.ts"

/** Linkerd's name of a service account. Source: https://linkerd.io/2/features/automatic-mtls/ */
const identityName = ({serviceAccount, namespace, trustDomain}: Identity): string =>
	`${serviceAccount}.${namespace}.serviceaccount.identity.linkerd.${trustDomain}`

/** Callers inside of the cluster are all that these evaluators know, so that `cluster-` makes no difference. */
function admitsByDefault(policy: AccessPolicy, {source}: Request): boolean {
	if (policy === "deny") return false
	return policy.endsWith("-unauthenticated") || policy === "audit" || source.identity !== undefined
}

const matchesIdentity = (pattern: string, name: string): boolean =>
	pattern === "*" || (pattern.startsWith("*") ? name.endsWith(pattern.slice(1)) : name === pattern)

type Authorization = LinkerdWorld["authorizations"][number]

/** A reference that leads nowhere makes the whole authorization void. */
function passes(world: LinkerdWorld, {namespace, value}: Authorization, {source}: Request): boolean {
	const {identity} = source
	return value.required.every(({kind, name, namespace: elsewhere}) => {
		const home = elsewhere ?? namespace
		const named = (one: {readonly name: string; readonly namespace: string}) =>
			one.name === name && one.namespace === home
		if (kind === "ServiceAccount") return identity?.serviceAccount === name && identity.namespace === home
		if (kind === "NetworkAuthentication")
			return (world.networks.find(named)?.value ?? []).some(
				({cidr, except}) => contains(cidr, source.ip) && !except.some((block) => contains(block, source.ip)),
			)
		const mesh = kind === "MeshTLSAuthentication" ? world.meshTLS.find(named)?.value : undefined
		if (mesh === undefined || identity === undefined) return false
		const known = identityName(identity)
		return (
			mesh.identities.some((pattern) => matchesIdentity(pattern, known)) ||
			mesh.refs.some((ref) =>
				ref.kind === "Namespace"
					? ref.name === identity.namespace
					: ref.name === identity.serviceAccount && (ref.namespace ?? home) === identity.namespace,
			)
		)
	})
}

function matchesRequest({path, method, headers}: Match, http: HTTPRequest): boolean {
	if (method !== undefined && method !== http.method) return false
	if (Object.entries(headers).some(([name, value]) => http.headers[name] !== value)) return false
	if (path === undefined) return true
	if (path.exact) return http.path === path.value
	const prefix = path.value.replace(/\/$/, "")
	return http.path === prefix || http.path.startsWith(`${prefix}/`)
}

/** Gateway API's order: the exact path, the longest prefix, a method, the most headers. */
const weight = ({path, method, headers}: Match): readonly number[] => [
	path?.exact === true ? 1 : 0,
	path === undefined ? 0 : path.value.length,
	method === undefined ? 0 : 1,
	Object.keys(headers).length,
]

function heavier(a: readonly number[], b: readonly number[]): number {
	const at = a.findIndex((value, index) => value !== b[index])
	return at < 0 ? 0 : (b[at] ?? 0) - (a[at] ?? 0)
}

/** A Server names its port by number, or as a container of the pod does. */
const isOf = (port: string, destination: Request["destination"]): boolean =>
	port === String(destination.port) || isPortNamed(port, destination)

/**
 * Decides as the proxy of the pod does: by the Server of the port, else by the pod's default. Where a Server has routes
 * a request has to match one, and the most specific decides which authorizations count beside the Server's own.
 * Source: linkerd2 policy-controller/k8s/index/src/inbound/index.rs
 */
export function decideAtLinkerd(world: LinkerdWorld, request: Request): Decision {
	const {destination, http} = request
	const server = world.servers.find(
		({namespace, value}) =>
			namespace === destination.namespace &&
			isOf(value.port, destination) &&
			selects(value.selector, destination.labels),
	)
	if (server === undefined) {
		const fallback = world.fallback(destination.labels)
		const by = `default ${fallback}`
		return admitsByDefault(fallback, request) ? allow(by) : deny(by)
	}
	const routes = world.routes.filter(
		({namespace, value}) => namespace === server.namespace && value.servers.includes(server.name),
	)
	const [route] =
		http === undefined
			? []
			: routes
					.flatMap((one) =>
						one.value.matches
							.filter((match) => matchesRequest(match, http))
							.map((match) => ({name: one.name, weight: weight(match)})),
					)
					.toSorted((a, b) => heavier(a.weight, b.weight) || (a.name < b.name ? -1 : 1))
	if (http !== undefined && routes.length > 0 && route === undefined) return deny("no route matches")
	const found = world.authorizations.find(
		(one) =>
			one.namespace === server.namespace &&
			isAbout(one, server.name, route?.name) &&
			passes(world, one, request),
	)
	if (found !== undefined) return allow(`AuthorizationPolicy/${found.namespace}/${found.name} rule 0`)
	const by = `Server/${server.namespace}/${server.name}: ${server.value.access}`
	return admitsByDefault(server.value.access, request) ? allow(by) : deny(by)
}

function isAbout({value, namespace}: Authorization, server: string, route: string | undefined): boolean {
	const {kind, name} = value.target
	if (kind === "Namespace") return name === namespace
	return kind === "Server" ? name === server : name === route
}
