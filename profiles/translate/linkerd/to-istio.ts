import {HTTPRoute as GatewayRoute} from "../../apis/gateway-api/kinds.ts"
import {AuthorizationPolicy as IstioPolicy} from "../../apis/istio/kinds.ts"
import {AuthorizationPolicy, HTTPRoute, Server} from "../../apis/linkerd/kinds.ts"
import {inboundPolicy} from "../../apis/linkerd/policy.ts"
import {selects} from "../../pods.ts"
import type {AccessPolicy, LinkerdWorld} from "../../policy/linkerd/read.ts"
import {linkerdWorld} from "../../policy/linkerd/read.ts"
import {kindIdOf} from "../../snapshot/kinds.ts"
import {addressOf, type KubeObject, refOf, type StringMap} from "../../snapshot/object.ts"
import type {PodShape, Surroundings} from "../istio/behind.ts"
import type {RawRule} from "../istio/rewrite.ts"
import {owned} from "../owned.ts"
import {type FieldVerdict, nothingTranslated, type Translated, type Translation, worstOf} from "../types.ts"
import {areApart} from "./apart.ts"
import type {Inbound} from "./inbound.ts"
import {type SourceScope, sourcesOf} from "./sources.ts"

export type FromLinkerd = Surroundings &
	Pick<SourceScope, "anyone"> & {
		readonly namespace: string
		/** Linkerd's policies of the namespace, read without a fault, with what they refer to. */
		readonly objects: readonly KubeObject[]
		readonly inbound: (labels: StringMap) => Inbound
		/** What says an inbound policy by annotation: the namespace, or a workload. */
		readonly annotated: readonly KubeObject[]
		readonly trustDomain: {readonly linkerd: string; readonly istio: string}
		/** What an earlier plan made, by name. */
		readonly copies: ReadonlyMap<string, KubeObject>
	}

type Scoped = FromLinkerd & SourceScope
type NamedServer = LinkerdWorld["servers"][number] & {readonly number: number}
/** A workload's pods, and the policy that stands for what Linkerd does for them; none where everybody passes. */
type Carried = {readonly pod: PodShape; readonly inbound: Inbound; readonly policy?: KubeObject}

/**
 * Linkerd's policies as ALLOW policies of Istio, one for the pods of each workload. Linkerd decides port by port, and
 * a port without a Server by a default; Istio closes all ports of the pods that one policy selects, so the rest of
 * their ports are opened again by that default.
 */
export function fromLinkerd(input: FromLinkerd): Translated {
	const world = linkerdWorld(input.objects, {
		fallback: (labels) => input.inbound(labels).policy,
		trustDomain: input.trustDomain.linkerd,
	})
	const scoped: Scoped = {...input, world, trustDomains: input.trustDomain}
	const carried = input.pods.map((pod) => carry(pod, scoped))
	const servers = objectsOf(input, Server.id)
	const authorizations = objectsOf(input, AuthorizationPolicy.id)
	const routes = [HTTPRoute, GatewayRoute].flatMap(({id}) => objectsOf(input, id))
	const translations = [
		...servers.map((object) => serverTranslation(object, carried, scoped)),
		...authorizations.map((object) => authorizationTranslation(object, scoped)),
		...routes.map((object) => routeTranslation(object, scoped)),
		...holders(carried, scoped).map((object) => annotationTranslation(object, carried, scoped)),
	]
	const blocked = worstOf(translations.flatMap(({fields}) => fields)) === "blocked"
	return {
		...nothingTranslated,
		translations,
		before: blocked ? [] : carried.flatMap(({policy}) => policy ?? []),
		retired: blocked ? [] : [...servers, ...authorizations, ...routes].map(addressOf),
	}
}

const objectsOf = ({objects, namespace}: FromLinkerd, id: string): readonly KubeObject[] =>
	objects.filter((object) => kindIdOf(object) === id && object.metadata.namespace === namespace)

function serversOf({labels, ports}: PodShape, {world, namespace}: Scoped): readonly NamedServer[] {
	return world.servers
		.filter((one) => one.namespace === namespace && selects(one.value.selector, labels))
		.map((one) => ({
			...one,
			number: /^\d+$/.test(one.value.port) ? Number(one.value.port) : (ports[one.value.port] ?? 0),
		}))
		.filter(({number}) => number > 0)
}

const copyName = ({labels}: PodShape): string =>
	`heddle-linkerd-${Object.entries(labels)
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([key, value]) => `${key.replace(/^.*\//, "")}-${value}`)
		.join(".")
		.toLowerCase()
		.replaceAll(/[^a-z0-9.-]/g, "-")}`

function carry(pod: PodShape, scoped: Scoped): Carried {
	const inbound = scoped.inbound(pod.labels)
	const name = copyName(pod)
	const copy = scoped.copies.get(name)
	// Once all of its pods have moved, what Linkerd says since, or says no more, does not change it.
	if (copy !== undefined && !inbound.present) return {pod, inbound, policy: copy}
	if (!inbound.governed) return {pod, inbound}
	const servers = serversOf(pod, scoped)
	if (servers.length === 0 && isOpen(inbound.policy)) return {pod, inbound}
	const names = servers.map((one) => one.name).sort()
	const [first] = objectsOf(scoped, Server.id).filter(({metadata}) => names.includes(metadata.name))
	const rules = [...rest(servers, inbound, scoped), ...servers.flatMap((server) => rulesFor(server, scoped))]
	const policy = owned({
		source: first ?? scoped.annotated[0] ?? anchor(scoped),
		role: "copy",
		namespace: scoped.namespace,
		name,
		type: {apiVersion: `${IstioPolicy.group}/v1`, kind: IstioPolicy.kind},
		spec: {selector: {matchLabels: pod.labels}, action: "ALLOW", ...(rules.length === 0 ? {} : {rules})},
	})
	return {pod, inbound, policy}
}

/** Pods without a Server are closed by Linkerd's own default; the namespace stands for it. */
const anchor = ({namespace}: Scoped): KubeObject => ({
	apiVersion: "v1",
	kind: "Namespace",
	metadata: {name: namespace},
})

/** Where nothing says an inbound policy and pods are closed, or nobody knows, it is Linkerd's own. */
const holders = (carried: readonly Carried[], scoped: Scoped): readonly KubeObject[] =>
	scoped.annotated.length === 0 &&
	carried.some(({inbound: {governed, policy}}) => governed && !isOpen(policy))
		? [anchor(scoped)]
		: scoped.annotated

const isOpen = (policy: AccessPolicy): boolean => policy === "all-unauthenticated" || policy === "audit"

/** Callers that an access policy admits: undefined for nobody, none for everyone. */
function admitted(policy: AccessPolicy, {anyone}: Scoped): Pick<RawRule, "from"> | undefined {
	if (isOpen(policy)) return {}
	return policy === "all-authenticated" ? {from: [{source: {principals: anyone}}]} : undefined
}

function rest(servers: readonly NamedServer[], {policy}: Inbound, scoped: Scoped): readonly RawRule[] {
	const from = admitted(policy, scoped)
	const notPorts = servers.map(({number}) => String(number))
	return from === undefined
		? []
		: [{...from, ...(notPorts.length === 0 ? {} : {to: [{operation: {notPorts}}]})}]
}

function rulesFor(server: NamedServer, scoped: Scoped): readonly RawRule[] {
	const {world, namespace} = scoped
	const ports = [String(server.number)]
	const routes = routesOf(server.name, scoped)
	const about = (kind: string, name: string) =>
		world.authorizations.filter(
			(one) =>
				one.namespace === namespace && one.value.target.kind === kind && one.value.target.name === name,
		)
	const byDefault = admitted(server.value.access, scoped)
	const all = [...about("Server", server.name), ...about("Namespace", namespace)]
	const callers = (list: LinkerdWorld["authorizations"]): readonly Pick<RawRule, "from">[] => [
		...(byDefault === undefined ? [] : [byDefault]),
		...list.flatMap((one) => sourcesOf(one, scoped).rules),
	]
	if (routes.length === 0) return callers(all).map((from) => ({...from, to: [{operation: {ports}}]}))
	return routes.flatMap((route) =>
		route.value.matches.flatMap(({path, method, headers}) => {
			const operation = {
				ports,
				// Without a method or a path a rule would hold for connections that are not HTTP as well.
				methods: [method ?? "*"],
				...(path === undefined ? {} : {paths: pathsOf(path)}),
			}
			const when = Object.entries(headers).map(([name, value]) => ({
				key: `request.headers[${name}]`,
				values: [value],
			}))
			return callers([...all, ...about("HTTPRoute", route.name)]).map((from) => ({
				...from,
				to: [{operation}],
				...(when.length === 0 ? {} : {when}),
			}))
		}),
	)
}

/** A prefix of Gateway API means whole elements of a path. */
function pathsOf({exact, value}: {readonly exact: boolean; readonly value: string}): readonly string[] {
	if (exact) return [value]
	const prefix = value.replace(/\/$/, "")
	return prefix === "" ? ["*"] : [prefix, `${prefix}/*`]
}

const routesOf = (server: string, {world, namespace}: Scoped): LinkerdWorld["routes"] =>
	world.routes.filter((one) => one.namespace === namespace && one.value.servers.includes(server))

function serverTranslation(object: KubeObject, carried: readonly Carried[], scoped: Scoped): Translation {
	const {name} = object.metadata
	const server = scoped.world.servers.find((one) => one.name === name)
	const about = carried.filter(({pod}) => server !== undefined && selects(server.value.selector, pod.labels))
	const fields = [
		podVerdict(about, scoped),
		...inboundVerdicts(about),
		...accessVerdicts(server),
		...protocolVerdicts(server, scoped),
		...routeVerdicts(name, scoped),
	]
	return translationOf(object, fields, about)
}

function translationOf(
	object: KubeObject,
	fields: readonly FieldVerdict[],
	about: readonly Carried[],
): Translation {
	const verdict = worstOf(fields)
	const objects = verdict === "blocked" ? [] : about.flatMap(({policy}) => policy ?? [])
	return {source: refOf(object), verdict, fields, objects}
}

/** A selector of Istio's is labels that have to be there: those of one workload must not be part of another's. */
function podVerdict(about: readonly Carried[], scoped: Scoped): FieldVerdict {
	const path = "spec.podSelector"
	const blocked = (note: string): FieldVerdict => ({path, verdict: "blocked", note})
	const selected = about.filter(({policy}) => policy !== undefined).map(({pod}) => pod)
	const unclear = selected.some(
		(pod) =>
			Object.keys(pod.labels).length === 0 ||
			scoped.pods.some((other) => other !== pod && selects({matchLabels: pod.labels}, other.labels)),
	)
	if (unclear) return blocked("labels do not tell the pods of two workloads apart")
	const names = scoped.pods.map(copyName)
	const unnamed = selected
		.map(copyName)
		.some((name) => name.length > 253 || names.filter((one) => one === name).length > 1)
	if (unnamed) return blocked("labels make no name that is the workload's own")
	const twice = selected.some((pod) => {
		const numbers = serversOf(pod, scoped).map(({number}) => number)
		return new Set(numbers).size < numbers.length
	})
	if (twice) return blocked("two Servers are for one port of the same pods")
	return {path, verdict: "exact", note: "by the labels of each workload, port by port"}
}

function inboundVerdicts(about: readonly Carried[]): readonly FieldVerdict[] {
	const path = `metadata.annotations[${inboundPolicy}]`
	const governed = about.filter(({policy, inbound}) => policy !== undefined && inbound.governed)
	const problem = governed.map(({inbound}) => inbound.problem).find((one) => one !== undefined)
	if (problem !== undefined) return [{path, verdict: "blocked", note: problem}]
	const mixed = governed.find(({inbound}) => inbound.mixed === true)
	return mixed === undefined
		? []
		: [
				{
					path,
					verdict: "approximated",
					note: `pods of one workload were made under different inbound policies; ${mixed.inbound.policy}, the strictest, counts for all`,
				},
			]
}

function accessVerdicts(server: LinkerdWorld["servers"][number] | undefined): readonly FieldVerdict[] {
	const access = server?.value.access ?? "deny"
	const path = "spec.accessPolicy"
	return access.startsWith("cluster-")
		? [{path, verdict: "blocked", note: `${access} goes by Linkerd's list of the cluster's networks`}]
		: [{path, verdict: "exact"}]
}

/** A proxy that reads no HTTP goes past the routes. */
const readsHTTP: readonly (string | undefined)[] = [undefined, "unknown", "HTTP/1", "HTTP/2", "gRPC"]

function protocolVerdicts(
	server: LinkerdWorld["servers"][number] | undefined,
	scoped: Scoped,
): readonly FieldVerdict[] {
	if (server === undefined || readsHTTP.includes(server.value.protocol)) return []
	if (routesOf(server.name, scoped).length === 0) return []
	return [
		{
			path: "spec.proxyProtocol",
			verdict: "blocked",
			note: `Linkerd reads no HTTP by ${server.value.protocol}, and goes past the Server's routes`,
		},
	]
}

function routeVerdicts(name: string, scoped: Scoped): readonly FieldVerdict[] {
	const routes = routesOf(name, scoped)
	if (routes.length === 0) return []
	const path = `HTTPRoute/${scoped.namespace}/${routes.map((one) => one.name).join(",")}`
	const matches = routes.flatMap((one) => one.value.matches.map((match) => ({route: one.name, match})))
	const clash = matches.some(({route, match}, index) =>
		matches.slice(index + 1).some((other) => other.route !== route && !areApart(match, other.match)),
	)
	if (clash)
		return [
			{path, verdict: "blocked", note: "two routes match the same requests, and Linkerd goes by one of them"},
		]
	return [{path, verdict: "approximated", note: "connections that are not HTTP are refused"}]
}

function authorizationTranslation(object: KubeObject, scoped: Scoped): Translation {
	const one = scoped.world.authorizations.find(
		({name, namespace}) => name === object.metadata.name && namespace === object.metadata.namespace,
	)
	const problem = one === undefined ? "it cannot be read" : sourcesOf(one, scoped).problem
	const path = "spec.requiredAuthenticationRefs"
	return translationOf(
		object,
		[problem === undefined ? {path, verdict: "exact"} : {path, verdict: "blocked", note: problem}],
		[],
	)
}

/** A route on Servers, which names requests and routes nothing. */
function routeTranslation(object: KubeObject, scoped: Scoped): Translation {
	const found = scoped.world.routes.find(
		({name, namespace}) => name === object.metadata.name && namespace === object.metadata.namespace,
	)
	const told = (found?.value.servers ?? []).flatMap((server) => routeVerdicts(server, scoped))
	return translationOf(object, told.length === 0 ? [{path: "spec.rules", verdict: "exact"}] : told, [])
}

/** The inbound policy of a namespace or of a workload, as its pods go by it. */
function annotationTranslation(object: KubeObject, carried: readonly Carried[], scoped: Scoped): Translation {
	const about = carried.filter(({policy}) => policy !== undefined)
	const told = inboundVerdicts(about)
	const path = `metadata.annotations[${inboundPolicy}]`
	const exact: readonly FieldVerdict[] = [{path, verdict: "exact", note: "as its pods were made with it"}]
	return translationOf(object, [podVerdict(about, scoped), ...(told.length === 0 ? exact : told)], about)
}
