import {selects} from "../../pods.ts"
import {type Policy, type Rule, readPolicy, type Source} from "../../policy/istio/read.ts"
import type {Callee} from "../../policy/request.ts"
import {type KubeObject, refOf} from "../../snapshot/object.ts"
import type {PodShape, Surroundings} from "../istio/behind.ts"
import {owned, type Role} from "../owned.ts"
import {sameLabels} from "../pod-shapes.ts"
import {type FieldVerdict, nothingTranslated, type Translated, type Translation, worstOf} from "../types.ts"
import {type Callers, callersOf} from "./callers.ts"
import {atPort, isL4, type Match, matchesOf, meets, wholeOf} from "./requests.ts"
import {verdictsAtLinkerd} from "./verdicts.ts"

export type ToLinkerd = Surroundings & {
	readonly namespace: string
	/** Enforced AuthorizationPolicies that select pods here, read without a fault. */
	readonly policies: readonly KubeObject[]
	/** Istio's, as the policies name it. */
	readonly trustDomain: string
	/** Linkerd's patterns for everyone who proves an identity in Istio. */
	readonly anyone: readonly string[]
	/** Ports of pods that Istio carries as plain TCP, since a Service says so: it reads no HTTP there. */
	readonly plainPorts: ReadonlySet<number>
	/** Paths that the kubelet asks for over HTTP. */
	readonly probes: readonly Probe[]
}

export type Probe = {readonly labels: PodShape["labels"]; readonly port: number; readonly path: string}

const group = "policy.linkerd.io"
type Kind = "Server" | "AuthorizationPolicy" | "MeshTLSAuthentication" | "NetworkAuthentication" | "HTTPRoute"
const versions: Readonly<Record<Kind, string>> = {
	Server: "v1beta3",
	AuthorizationPolicy: "v1alpha1",
	MeshTLSAuthentication: "v1alpha1",
	NetworkAuthentication: "v1alpha1",
	HTTPRoute: "v1beta3",
}

/** One way to pass: callers whom one source of one rule names, and what they may call on one port. */
type Pass = {
	readonly source: KubeObject
	readonly name: string
	readonly callers: Callers
	readonly rule: Rule
}

/**
 * Istio's ALLOW policies as Linkerd's. Both admit what some rule admits once a policy closes the pods; Linkerd closes a
 * port by a Server, and all others by the inbound policy that pods are made with (`closed`).
 */
export function toLinkerd(input: ToLinkerd): Translated {
	const read = input.policies.map((object) => ({object, policy: readPolicy(object).value}))
	const translations = read.map(({object, policy}): Translation => {
		const fields = [...verdictsAtLinkerd(policy, input), ...podVerdicts(policy, input)]
		return {source: refOf(object), verdict: worstOf(fields), fields, objects: []}
	})
	if (worstOf(translations.flatMap(({fields}) => fields)) === "blocked")
		return {...nothingTranslated, translations}
	const made = closed(input).flatMap((pod) => guarded(pod, read, input))
	return {
		...nothingTranslated,
		translations: translations.map((one) => ({
			...one,
			objects: made.filter(({metadata}) => metadata.annotations?.["heddle.dev/source"] === one.source),
		})),
		before: made,
		retired: read.filter(({policy}) => policy.namespace === input.namespace).map(({object}) => refOf(object)),
	}
}

type Read = readonly {readonly object: KubeObject; readonly policy: Policy}[]

const isAbout = ({selector = {}}: Policy, {labels}: PodShape): boolean =>
	Object.entries(selector).every(([key, value]) => labels[key] === value)

/** Pods that some ALLOW policy selects: whoever is not named is refused there, on every port. */
export const closed = ({policies, pods}: Pick<ToLinkerd, "policies" | "pods">): readonly PodShape[] => {
	const allowing = policies.map((one) => readPolicy(one).value).filter(({action}) => action === "ALLOW")
	return pods.filter((pod) => allowing.some((policy) => isAbout(policy, pod)))
}

const slug = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9.-]/g, "-")

const shapeName = ({labels}: PodShape): string =>
	slug(
		Object.entries(labels)
			.sort(([a], [b]) => (a < b ? -1 : 1))
			.map(([key, value]) => `${key.replace(/^.*\//, "")}-${value}`)
			.join("."),
	)

/** A Server selects by labels: those of one workload must not be part of another's. */
function podVerdicts(policy: Policy, {pods}: ToLinkerd): readonly FieldVerdict[] {
	if (policy.action !== "ALLOW") return []
	const own = pods.filter((pod) => isAbout(policy, pod))
	const blocked = (note: string): readonly FieldVerdict[] => [
		{path: "spec.selector", verdict: "blocked", note},
	]
	const unclear = own.some(
		(pod) =>
			Object.keys(pod.labels).length === 0 ||
			pods.some((other) => other !== pod && selects({matchLabels: pod.labels}, other.labels)),
	)
	if (unclear) return blocked("labels do not tell the pods of two workloads apart")
	const names = pods.map(shapeName)
	const unnamed = own
		.map(shapeName)
		.some((name) => name.length > longest || names.filter((one) => one === name).length > 1)
	return unnamed ? blocked("labels make no name that is the workload's own") : []
}

/** What a workload's part of a name may have: the rest says the port, the requests and the rule. */
const longest = 100

function portsOf(pod: PodShape, rules: readonly Rule[], {services}: ToLinkerd): readonly number[] {
	const led = services
		.filter(({spec}) => {
			const selector = Object.entries(spec?.selector ?? {})
			return selector.length > 0 && selector.every(([key, value]) => pod.labels[key] === value)
		})
		.flatMap(({spec}) => spec?.ports ?? [])
		.map(({port, targetPort = port}) =>
			typeof targetPort === "number" ? targetPort : (pod.ports[targetPort] ?? 0),
		)
	const named = rules.flatMap(({to}) => to.flatMap(({ports}) => ports.any.map(Number)))
	return [...new Set([...Object.values(pod.ports), ...led, ...named])]
		.filter((one) => one > 0)
		.sort((a, b) => a - b)
}

/** Whether a call goes to a port that is known, which alone can be opened. */
export function isNamed({namespace, labels, port}: Callee, input: ToLinkerd): boolean {
	const pod = input.pods.find((one) => sameLabels(one.labels, labels))
	if (pod === undefined || namespace !== input.namespace) return false
	const rules = input.policies.map((one) => readPolicy(one).value).filter((one) => isAbout(one, pod))
	return portsOf(
		pod,
		rules.flatMap((one) => one.rules),
		input,
	).includes(port)
}

/** Everything that is made for the pods of one workload. */
function guarded(pod: PodShape, read: Read, input: ToLinkerd): readonly KubeObject[] {
	const about = read.filter(({policy}) => policy.action === "ALLOW" && isAbout(policy, pod))
	const passes = about.flatMap(({object, policy}) =>
		policy.rules.flatMap((rule, index) =>
			(rule.from.length === 0 ? [undefined] : rule.from).map((source: Source | undefined, at): Pass => {
				const name = slug(`${policy.namespace}.${policy.name}-${index}-${at}`)
				return {source: object, name, rule, callers: callersOf(source, policy, input)}
			}),
		),
	)
	const used = passes.filter(({callers}) => callers.possible)
	const first = about[0]?.object
	if (first === undefined) return []
	return [
		...used.flatMap((pass) => authentications(pass, input)),
		...portsOf(
			pod,
			passes.map(({rule}) => rule),
			input,
		).flatMap((port) => atOnePort({pod, port, used, first}, input)),
	].filter(
		(one, index, all) =>
			all.findIndex((other) => other.kind === one.kind && other.metadata.name === one.metadata.name) ===
			index,
	)
}

type Made = {
	readonly kind: Kind
	readonly name: string
	readonly source: KubeObject
	readonly spec: object
	readonly role?: Role
}

const make = ({kind, name, source, spec, role = "copy"}: Made, {namespace}: ToLinkerd): KubeObject =>
	owned({
		source,
		role,
		namespace,
		name: `heddle-${name}`,
		type: {apiVersion: `${group}/${versions[kind]}`, kind},
		spec: {...spec},
	})

function authentications({source, name, callers}: Pass, input: ToLinkerd): readonly KubeObject[] {
	const {meshTLS, networks} = callers
	return [
		...(meshTLS === undefined
			? []
			: [make({kind: "MeshTLSAuthentication", name, source, spec: meshTLS}, input)]),
		...(networks === undefined
			? []
			: [make({kind: "NetworkAuthentication", name, source, spec: {networks}}, input)]),
	]
}

const required = ({name, callers: {meshTLS, networks}}: Pass): readonly object[] => [
	...(meshTLS === undefined ? [] : [{group, kind: "MeshTLSAuthentication", name: `heddle-${name}`}]),
	...(networks === undefined ? [] : [{group, kind: "NetworkAuthentication", name: `heddle-${name}`}]),
]

type Port = {
	readonly pod: PodShape
	readonly port: number
	readonly used: readonly Pass[]
	readonly first: KubeObject
}

/**
 * The Server of a port, open to those whom rules without a word on HTTP admit, and a route for each set of requests
 * that rules tell apart. The most specific route decides, so there is one for what two rules have in common, too.
 */
function atOnePort({pod, port, used, first}: Port, input: ToLinkerd): readonly KubeObject[] {
	const passing = used.filter(({rule}) => atPort(rule, port).length > 0)
	if (passing.length === 0) return []
	const server = `${shapeName(pod)}-${port}`
	const allow = (pass: Pass, kind: "Server" | "HTTPRoute", target: string): KubeObject =>
		make(
			{
				kind: "AuthorizationPolicy",
				name: `${target}-${pass.name}`,
				source: pass.source,
				spec: {
					targetRef: {group, kind, name: `heddle-${target}`},
					requiredAuthenticationRefs: required(pass),
				},
			},
			input,
		)
	const plain = passing.filter(({rule}) => isL4(rule))
	const aboutHTTP = passing.filter(({rule}) => !isL4(rule))
	const requests = aboutHTTP.flatMap(({rule}) => atPort(rule, port).flatMap(matchesOf))
	const probes = input.probes.filter((one) => one.port === port && sameLabels(one.labels, pod.labels))
	const matches = requests.length === 0 ? [] : meets([...requests, ...(plain.length > 0 ? [{}] : [])])
	const routes = matches.flatMap((match) => {
		const name = `${server}-${nameOf(match)}`
		return [
			routeFor({name, server, match, source: first}, input),
			...aboutHTTP
				.filter(({rule}) => atPort(rule, port).some((operation) => wholeOf(operation, match)))
				.map((pass) => allow(pass, "HTTPRoute", name)),
		]
	})
	return [
		...plain.map((pass) => allow(pass, "Server", server)),
		...routes,
		// A Server with routes of its own loses those that Linkerd makes for probes.
		...(matches.length === 0
			? []
			: probes.flatMap((probe) => probeRoute({probe, server, matches, source: first}, input))),
		// Last, for it closes the port.
		make(
			{
				kind: "Server",
				name: server,
				source: first,
				spec: {podSelector: {matchLabels: pod.labels}, port, accessPolicy: "deny"},
			},
			input,
		),
	]
}

/** Every match has a name of its own: what a name may not hold is written by its number. */
const nameOf = ({path, method}: Match): string => {
	const written = [...(path ?? "")].map((one) =>
		/[a-z0-9]/.test(one) ? one : `-${one.codePointAt(0)?.toString(16)}-`,
	)
	return `${method?.toLowerCase() ?? "any"}${path === undefined ? "" : `-p${written.join("")}p`}`
}

type Routed = {
	readonly name: string
	readonly server: string
	readonly match: Match
	readonly source: KubeObject
	readonly role?: Role
}

const routeFor = (
	{name, server, match: {path, method}, source, role}: Routed,
	input: ToLinkerd,
): KubeObject =>
	make(
		{
			kind: "HTTPRoute",
			name,
			source,
			...(role === undefined ? {} : {role}),
			spec: {
				parentRefs: [{group, kind: "Server", name: `heddle-${server}`}],
				rules: [
					{
						matches: [
							{
								path: path === undefined ? {type: "PathPrefix", value: "/"} : {type: "Exact", value: path},
								...(method === undefined ? {} : {method}),
							},
						],
					},
				],
			},
		},
		input,
	)

type Probed = {
	readonly probe: Probe
	readonly server: string
	readonly matches: readonly Match[]
	readonly source: KubeObject
}

function probeRoute({probe, server, matches, source}: Probed, input: ToLinkerd): readonly KubeObject[] {
	const match = {path: probe.path, method: "GET"}
	const name = `${server}-${nameOf(match)}`
	const isThere = matches.some(({path, method}) => path === match.path && method === match.method)
	return [
		...(isThere ? [] : [routeFor({name, server, match, source, role: "opening"}, input)]),
		make(
			{
				kind: "AuthorizationPolicy",
				name: `${name}-probe`,
				source,
				role: "opening",
				spec: {targetRef: {group, kind: "HTTPRoute", name: `heddle-${name}`}, requiredAuthenticationRefs: []},
			},
			input,
		),
	]
}
