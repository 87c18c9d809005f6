import {AuthorizationPolicy as IstioPolicy} from "../../apis/istio/kinds.ts"
import {AuthorizationPolicy, Server} from "../../apis/linkerd/kinds.ts"
import {selects} from "../../pods.ts"
import type {AccessPolicy, LinkerdWorld} from "../../policy/linkerd/read.ts"
import {linkerdWorld} from "../../policy/linkerd/read.ts"
import {kindIdOf} from "../../snapshot/kinds.ts"
import {type KubeObject, refOf} from "../../snapshot/object.ts"
import type {PodShape, Surroundings} from "../istio/behind.ts"
import type {RawRule} from "../istio/rewrite.ts"
import {owned} from "../owned.ts"
import {type FieldVerdict, nothingTranslated, type Translated, type Translation, worstOf} from "../types.ts"
import {areApart} from "./apart.ts"
import {sourcesOf} from "./sources.ts"

export type FromLinkerd = Surroundings & {
	readonly namespace: string
	/** Linkerd's policies of the namespace, read without a fault, with what they refer to. */
	readonly objects: readonly KubeObject[]
	/** What holds for ports without a Server. */
	readonly fallback: AccessPolicy
	readonly trustDomain: {readonly linkerd: string; readonly istio: string}
}

type Scoped = FromLinkerd & {readonly world: LinkerdWorld}
type NamedServer = LinkerdWorld["servers"][number] & {readonly number: number}

/**
 * Linkerd's policies as ALLOW policies of Istio, one for the pods of each workload. Linkerd decides port by port, and
 * a port without a Server by a default; Istio closes all ports of the pods that one policy selects, so the rest of
 * their ports are opened again by that default.
 */
export function fromLinkerd(input: FromLinkerd): Translated {
	const world = linkerdWorld(input.objects, {
		fallback: input.fallback,
		trustDomain: input.trustDomain.linkerd,
	})
	const scoped = {...input, world}
	const made = input.pods.flatMap((pod) => policyFor(pod, scoped))
	const translations = [
		...objectsOf(input, Server.id).map((object) => serverTranslation(object, made, scoped)),
		...objectsOf(input, AuthorizationPolicy.id).map((object) => authorizationTranslation(object, scoped)),
	]
	const blocked = worstOf(translations.flatMap(({fields}) => fields)) === "blocked"
	return {
		...nothingTranslated,
		translations,
		before: blocked ? [] : made,
		retired: blocked ? [] : translations.map(({source}) => source),
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

function policyFor(pod: PodShape, scoped: Scoped): readonly KubeObject[] {
	const servers = serversOf(pod, scoped)
	if (servers.length === 0 && isOpen(scoped.fallback)) return []
	const names = servers.map(({name}) => name).sort()
	const [first] = objectsOf(scoped, Server.id).filter(({metadata}) => names.includes(metadata.name))
	const source = first ?? anchor(scoped)
	const rules = [...rest(servers, scoped), ...servers.flatMap((server) => rulesFor(server, scoped))]
	return [
		owned({
			source,
			role: "copy",
			namespace: scoped.namespace,
			name: `heddle-linkerd-${nameOf(pod)}`,
			type: {apiVersion: `${IstioPolicy.group}/v1`, kind: IstioPolicy.kind},
			spec: {selector: {matchLabels: pod.labels}, action: "ALLOW", ...(rules.length === 0 ? {} : {rules})},
		}),
	]
}

/** Pods without a Server are closed by an annotation of theirs; the namespace stands for it. */
const anchor = ({namespace}: Scoped): KubeObject => ({
	apiVersion: "v1",
	kind: "Namespace",
	metadata: {name: namespace},
})

/** What tells the pods of a workload apart, as a name. */
const nameOf = ({labels}: PodShape): string =>
	Object.entries(labels)
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([key, value]) => `${key.replace(/^.*\//, "")}-${value}`)
		.join(".")
		.toLowerCase()
		.replaceAll(/[^a-z0-9.-]/g, "-")

const isOpen = (policy: AccessPolicy): boolean =>
	policy === "all-unauthenticated" || policy === "audit" || policy === "cluster-unauthenticated"

/** Callers that an access policy admits: undefined for nobody, none for everyone. */
function admitted(policy: AccessPolicy): Pick<RawRule, "from"> | undefined {
	if (policy === "deny") return undefined
	return isOpen(policy) ? {} : {from: [{source: {principals: ["*"]}}]}
}

function rest(servers: readonly NamedServer[], {fallback}: Scoped): readonly RawRule[] {
	const from = admitted(fallback)
	const notPorts = servers.map(({number}) => String(number))
	return from === undefined
		? []
		: [{...from, ...(notPorts.length === 0 ? {} : {to: [{operation: {notPorts}}]})}]
}

function rulesFor(server: NamedServer, scoped: Scoped): readonly RawRule[] {
	const {world, namespace} = scoped
	const ports = [String(server.number)]
	const routes = world.routes.filter(
		(one) => one.namespace === namespace && one.value.servers.includes(server.name),
	)
	const about = (kind: string, name: string) =>
		world.authorizations.filter(
			(one) =>
				one.namespace === namespace && one.value.target.kind === kind && one.value.target.name === name,
		)
	const byDefault = admitted(server.value.access)
	const all = [...about("Server", server.name), ...about("Namespace", namespace)]
	const callers = (list: LinkerdWorld["authorizations"]): readonly Pick<RawRule, "from">[] => [
		...(byDefault === undefined ? [] : [byDefault]),
		...list.flatMap((one) => sourcesOf(one, {...scoped, trustDomains: scoped.trustDomain}).rules),
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

function serverTranslation(object: KubeObject, made: readonly KubeObject[], scoped: Scoped): Translation {
	const {name} = object.metadata
	const server = scoped.world.servers.find((one) => one.name === name)
	const pods = scoped.pods.filter(
		({labels}) => server !== undefined && selects(server.value.selector, labels),
	)
	const fields = [podVerdict(pods, scoped), ...routeVerdicts(name, scoped)]
	const verdict = worstOf(fields)
	const own = made.filter((one) =>
		pods.some(({labels}) => JSON.stringify(labels) === JSON.stringify(selectorOf(one))),
	)
	return {source: refOf(object), verdict, fields, objects: verdict === "blocked" ? [] : own}
}

const selectorOf = (object: KubeObject) =>
	(object as {spec?: {selector?: {matchLabels?: object}}}).spec?.selector?.matchLabels

/** A selector of Istio's is labels that have to be there: those of one workload must not be part of another's. */
function podVerdict(pods: readonly PodShape[], {pods: all}: Scoped): FieldVerdict {
	const path = "spec.podSelector"
	const unclear = pods.some(
		(pod) =>
			Object.keys(pod.labels).length === 0 ||
			all.some((other) => other !== pod && selects({matchLabels: pod.labels}, other.labels)),
	)
	if (unclear) return {path, verdict: "blocked", note: "labels do not tell the pods of two workloads apart"}
	return {path, verdict: "exact", note: "by the labels of each workload, port by port"}
}

function routeVerdicts(name: string, {world, namespace}: Scoped): readonly FieldVerdict[] {
	const routes = world.routes.filter((one) => one.namespace === namespace && one.value.servers.includes(name))
	if (routes.length === 0) return []
	const path = `HTTPRoute/${namespace}/${routes.map((one) => one.name).join(",")}`
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
	const one = scoped.world.authorizations.find(({name}) => name === object.metadata.name)
	const problem =
		one === undefined
			? "it cannot be read"
			: sourcesOf(one, {...scoped, trustDomains: scoped.trustDomain}).problem
	const field: FieldVerdict =
		problem === undefined
			? {path: "spec.requiredAuthenticationRefs", verdict: "exact"}
			: {path: "spec.requiredAuthenticationRefs", verdict: "blocked", note: problem}
	return {source: `${refOf(object)}`, verdict: field.verdict, fields: [field], objects: []}
}
