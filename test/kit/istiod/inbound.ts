import type {Request} from "../../../profiles/policy/request.ts"
import type {Chain, Filter, Listener} from "./debug.ts"
import {admits, type Rules} from "./rbac.ts"

/*
 * What Envoy does with a connection that comes in: of a listener's chains the one that fits best, and its filters.
 * Source: https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/listener/v3/listener_components.proto
 */

/** What Envoy's listener filters find out of a connection, and what its callers in the mesh say in TLS. */
type Connection = {
	readonly port: number
	readonly transport: "tls" | "raw_buffer"
	readonly protocols: readonly string[]
}

const secured = ({destination, http}: Request): Connection => ({
	port: destination.port,
	transport: "tls",
	protocols: http ? ["istio-http/1.1"] : ["istio-peer-exchange", "istio"],
})
const plain = ({destination, http}: Request): Connection => ({
	port: destination.port,
	transport: "raw_buffer",
	protocols: http ? ["http/1.1"] : [],
})

/**
 * The chain of a request. A caller in the mesh uses TLS where the pod takes it, and plaintext where it does not: istiod
 * tells callers which it is.
 */
export const chainFor = (listener: Listener, request: Request): Chain | undefined =>
	(request.source.identity && fitting(listener, secured(request))) ?? fitting(listener, plain(request))

/** The best by the port, then by the transport, then by the protocol: what says nothing comes after what fits. */
function fitting({filterChains = []}: Listener, {port, transport, protocols}: Connection): Chain | undefined {
	const byPort = best(filterChains, ({filterChainMatch: match}) =>
		fits(match?.destinationPort, (one) => one === port),
	)
	const byTransport = best(byPort, ({filterChainMatch: match}) =>
		fits(match?.transportProtocol, (one) => one === transport),
	)
	const [chain] = best(byTransport, ({filterChainMatch: match}) =>
		fits(match?.applicationProtocols, (all) => all.some((one) => protocols.includes(one))),
	)
	return chain
}

/** 2 for what is named and fits, 1 for what is not named, 0 for what does not fit. */
const fits = <T>(named: T | undefined, is: (named: T) => boolean): number =>
	named === undefined ? 1 : is(named) ? 2 : 0

function best(chains: readonly Chain[], rank: (chain: Chain) => number): readonly Chain[] {
	const highest = Math.max(0, ...chains.map(rank))
	return highest === 0 ? [] : chains.filter((one) => rank(one) === highest)
}

/** Whether an inbound listener lets a request through to the pod. Where TLS is not its own, it sees no identity. */
export function admitsInbound(listener: Listener, request: Request): boolean {
	const chain = chainFor(listener, request)
	if (chain === undefined) return false
	const {identity: _, ...anonymous} = request.source
	const seen = chain.transportSocket === undefined ? {...request, source: anonymous} : request
	return admits(accessOf(chain, seen), seen)
}

/**
 * Whether a waypoint lets a request to a Service through. It is shown the port of the Service: which one a waypoint
 * compares is not to be seen from its configuration.
 */
export function admitsAtWaypoint({filterChains = []}: Listener, request: Request): boolean {
	const {service, namespace} = request.destination
	const protocol = request.http === undefined ? "tcp" : "http"
	const wanted = `inbound-vip|${service?.port}|${protocol}|${service?.name}.${namespace}.svc.cluster.local`
	const chain = filterChains.find(({name}) => name === wanted)
	if (chain === undefined) throw new Error(`the waypoint has no chain ${wanted}`)
	const seen = {...request, destination: {...request.destination, port: service?.port ?? 0}}
	return admits(accessOf(chain, seen), seen)
}

const rbac = /^envoy\.filters\.(http|network)\.rbac$/

const rulesOf = (filters: readonly Filter[]): readonly Rules[] =>
	filters
		.filter(({name}) => rbac.test(name))
		.flatMap(({typedConfig: {rules}}) => (rules === undefined ? [] : [rules as Rules]))

/** The access control of a chain, of connections and then of HTTP. */
function accessOf({name, filters = []}: Chain, {http}: Request): readonly Rules[] {
	const manager = managerOf(filters)
	if ((manager === undefined) !== (http === undefined))
		throw new Error(`a chain for ${http ? "other connections" : "HTTP"} gets the request: ${name}`)
	const inner = (manager?.typedConfig.httpFilters ?? []) as readonly Filter[]
	return [...rulesOf(filters), ...rulesOf(inner)]
}

export const managerOf = (filters: readonly Filter[]): Filter | undefined =>
	filters.find(({name}) => name === "envoy.filters.network.http_connection_manager")
