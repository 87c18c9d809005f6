import {type Policy, readPolicy} from "../../policy/istio/read.ts"
import {exceedsZtunnel} from "../../policy/istio/ztunnel.ts"
import {type Identity, principalOf} from "../../policy/request.ts"
import {type KubeObject, refOf, type StringMap} from "../../snapshot/object.ts"
import type {Service} from "../../snapshot/shapes.ts"
import {owned, type Role} from "../owned.ts"
import {
	type FieldVerdict,
	joined,
	nothingTranslated,
	type Translated,
	type Translation,
	worstOf,
} from "../types.ts"
import {usesAnother} from "./astray.ts"
import {podsOf, type Surroundings, servicesOf} from "./behind.ts"
import {fieldsOf, type UsedField} from "./fields.ts"
import {mayMatch, overDenies} from "./identities.ts"
import {portsAtWaypoint} from "./ports.ts"
import {rulesWith, withoutCaller} from "./rewrite.ts"

export type ToAmbient = Surroundings & {
	readonly namespace: string
	/** Enforced AuthorizationPolicies that select pods here, of the namespace and of root ones, as people wrote them. */
	readonly policies: readonly KubeObject[]
	/** The waypoint that every Service of the namespace is going to use. */
	readonly waypoint: {readonly name: string; readonly identity: Identity}
}

/** The label that only pods which have moved carry: it holds a guard back from the others. */
export const movedToAmbient: StringMap = {"istio.io/dataplane-mode": "ambient"}

/**
 * Parts a guard of the pods that have moved from that of all pods, which takes its place: an object of its own, since
 * an apply of fewer labels to the same one could be taken for done.
 */
export const movedSuffix = "-moved"

/**
 * Policies that select pods, for a namespace whose Services are about to use a waypoint. The waypoint sees the
 * callers and gets a copy of every policy that holds behind it; ztunnel, and sidecars that have not moved, then see
 * the waypoint, and are told to let it through. What ztunnel cannot check is only checked at the waypoint, so a
 * guard keeps out who comes past it: callers without identity, with sidecars, or by the address of a pod.
 */
export function toAmbient(input: ToAmbient): Translated {
	return input.policies.map((object) => carry(object, input)).reduce(joined, nothingTranslated)
}

type Subject = {
	readonly object: KubeObject
	readonly policy: Policy
	readonly input: ToAmbient
	/** The Services whose callers come through the waypoint. */
	readonly services: readonly Service[]
	/** ztunnel cannot check all of it. */
	readonly beyond: boolean
	readonly own: boolean
}

function carry(object: KubeObject, input: ToAmbient): Translated {
	const policy = readPolicy(object).value
	const {whole, parted} = servicesOf(policy.selector, input)
	const beyond = policy.rules.some(exceedsZtunnel) || policy.rules.some(readDifferently)
	const own = policy.namespace === input.namespace
	if (policy.action === "ALLOW" || policy.action === "DENY") {
		const needed = beyond || whole.length + parted.length > 0
		if (!needed) return nothingTranslated
		if (podsOf(policy.selector, input).length === 0) return selectsNothing(object, policy)
	}
	const subject = {object, policy, input, services: whole, beyond, own}
	const fields = verdicts(subject, parted)
	const blocked = worstOf(fields) === "blocked"
	const made = blocked || policy.action === "AUDIT" ? nothingTranslated : objectsFor(subject)
	const objects = [...new Map([...made.before, ...made.after].map((one) => [refOf(one), one])).values()]
	const translation: Translation = {source: refOf(object), verdict: worstOf(fields), fields, objects}
	return {...made, translations: [translation]}
}

/** A `*` in the middle of a namespace is a wildcard for Envoy and a character for ztunnel. */
const readDifferently = (rule: Policy["rules"][number]): boolean =>
	fieldsOf([rule]).some(
		({key, values}) =>
			(key === "namespaces" || key === "source.namespace") &&
			[...values.any, ...values.none].some((value) => value.slice(1, -1).includes("*")),
	)

function selectsNothing(object: KubeObject, {rules}: Policy): Translated {
	if (!rules.some(exceedsZtunnel)) return nothingTranslated
	const note = "it selects no pod: attach it to a Service by targetRefs, or delete it"
	const fields: readonly FieldVerdict[] = [{path: "spec.selector", verdict: "blocked", note}]
	return {
		...nothingTranslated,
		translations: [{source: refOf(object), verdict: "blocked", fields, objects: []}],
	}
}

function verdicts(subject: Subject, parted: readonly Service[]): readonly FieldVerdict[] {
	const {policy} = subject
	if (policy.action === "CUSTOM") {
		const note = "an external authorizer decides, and nothing proves that it decides the same for a waypoint"
		return [{path: "spec.action", verdict: "blocked", note}]
	}
	if (policy.action === "AUDIT")
		return [{path: "spec.action", verdict: "dropped", note: "it denies nothing; ztunnel does not log by it"}]
	const fields = fieldsOf(policy.rules).map((field) => verdictOf(field, subject))
	return [selectorVerdict(subject, parted), ...standInVerdict(subject), ...fields]
}

function selectorVerdict({services, beyond, input}: Subject, parted: readonly Service[]): FieldVerdict {
	const path = "spec.selector"
	const names = (list: readonly Service[]) => list.map(({metadata}) => metadata.name).join(", ")
	if (parted.length > 0) {
		const note = `the Service ${names(parted)} also has pods that it does not select, and a waypoint cannot tell them apart`
		return {path, verdict: "blocked", note}
	}
	if (services.length === 0)
		return {path, verdict: "blocked", note: "no Service leads to these pods, so no waypoint could check it"}
	const astray = services.filter(({metadata}) => usesAnother(metadata.labels, input))
	if (astray.length > 0) {
		const note = `the Service ${names(astray)} does not go through the waypoint ${input.waypoint.name}, by its own label`
		return {path, verdict: "blocked", note}
	}
	const guard = beyond
		? "; a guard refuses who comes past the waypoint: callers outside the mesh or with sidecars, and calls to a pod's own address"
		: ""
	const note = `targetRefs to the Service ${names(services)}, by the waypoint ${input.waypoint.name}${guard}`
	return {path, verdict: "exact", note}
}

const addresses = ["ipBlocks", "remoteIpBlocks", "source.ip", "remote.ip", "destination.ip"]

function verdictOf({path, key, values}: UsedField, {services, input}: Subject): FieldVerdict {
	if (addresses.includes(key)) {
		const note = "nothing proves which address a waypoint compares"
		return {path, verdict: "blocked", note}
	}
	if (key !== "ports" && key !== "destination.port") return {path, verdict: "exact"}
	const known = [values.any, values.none].every(
		(ports) => portsAtWaypoint(ports, services, input) !== undefined,
	)
	return known
		? {path, verdict: "exact", note: "with the ports of the Service that lead there"}
		: {path, verdict: "blocked", note: "a Service has this port for another port of its pods"}
}

/** DENY rules that would fire on the waypoint itself, or deny too much in ztunnel. */
const needsStandIn = ({policy, input}: Subject): boolean =>
	policy.action === "DENY" &&
	policy.rules.some((rule) => mayMatch(policy, rule, input.waypoint.identity) || overDenies(rule))

function standInVerdict(subject: Subject): readonly FieldVerdict[] {
	if (!needsStandIn(subject)) return []
	const path = "spec.rules"
	return subject.own
		? [
				{
					path,
					verdict: "exact",
					note: "a stand-in leaves the waypoint out of what it denies to pods' callers",
				},
			]
		: [{path, verdict: "blocked", note: "it would deny the waypoint, and it belongs to another namespace"}]
}

function objectsFor(subject: Subject): Translated {
	const {object, beyond, own} = subject
	const standIn = needsStandIn(subject) ? [make(subject, "stand-in")] : []
	const admit = subject.policy.action === "ALLOW" ? [make(subject, "admit")] : []
	const guards = beyond ? [make(subject, "guard", movedToAmbient)] : []
	return {
		...nothingTranslated,
		before: [...guards, ...copies(subject), ...admit, ...standIn],
		replaced: standIn.map(() => refOf(object)),
		after: beyond ? [make(subject, "guard")] : [],
		retired: beyond && own && standIn.length === 0 ? [refOf(object)] : [],
	}
}

const nameOf = ({policy, own}: Subject, role: Role | "waypoint"): string =>
	`heddle-${role}-${own ? "" : `${policy.namespace}.`}${policy.name}`

/** Kubernetes admits so many targets to one policy. Source: istio.io/api security/v1beta1, maxItems of targetRefs. */
const mostTargets = 16

function copies(subject: Subject): readonly KubeObject[] {
	const {object, policy, services, input, beyond} = subject
	const chunks = Array.from({length: Math.ceil(services.length / mostTargets)}, (_, index) =>
		services.slice(index * mostTargets, (index + 1) * mostTargets),
	)
	const rules = rulesWith(object, {
		home: policy.namespace,
		ports: (ports) => portsAtWaypoint(ports, services, input) ?? ports,
	})
	return chunks.map((chunk, index) =>
		owned({
			source: object,
			role: "copy",
			namespace: input.namespace,
			name: `${nameOf(subject, "waypoint")}${index === 0 ? "" : `-${index + 1}`}`,
			goesWithSource: !beyond,
			spec: {
				targetRefs: chunk.map(({metadata}) => ({group: "", kind: "Service", name: metadata.name})),
				action: policy.action,
				...(rules === undefined ? {} : {rules}),
			},
		}),
	)
}

function make(subject: Subject, role: "admit" | "guard" | "stand-in", marker: StringMap = {}): KubeObject {
	const {object, policy, input, beyond} = subject
	const matchLabels = {...policy.selector, ...marker}
	const selector = Object.keys(matchLabels).length > 0 ? {selector: {matchLabels}} : {}
	const waypoint = principalOf(input.waypoint.identity)
	const spec: Record<typeof role, object> = {
		admit: {action: "ALLOW", rules: [{from: [{source: {principals: [waypoint]}}]}]},
		guard: {action: "DENY", rules: [{from: [{source: {notPrincipals: [waypoint]}}]}]},
		"stand-in": {action: "DENY", rules: withoutCaller(object, waypoint)},
	}
	return owned({
		source: object,
		role,
		namespace: input.namespace,
		name: `${nameOf(subject, role)}${marker === movedToAmbient ? movedSuffix : ""}`,
		goesWithSource: !beyond && role !== "stand-in",
		undoneFirst: role === "guard" && marker !== movedToAmbient,
		spec: {...selector, ...spec[role]},
	})
}
