import {selects} from "../../pods.ts"
import {type Policy, readPolicy} from "../../policy/istio/read.ts"
import {principalOf} from "../../policy/request.ts"
import {type KubeObject, refOf, type StringMap} from "../../snapshot/object.ts"
import type {Service} from "../../snapshot/shapes.ts"
import {owned, ownedAnnotations, roleOf, sourceOf} from "../owned.ts"
import {
	type FieldVerdict,
	joined,
	nothingTranslated,
	type Translated,
	type TranslationVerdict,
	worstOf,
} from "../types.ts"
import {isHeadless, podsOf} from "./behind.ts"
import {fieldsOf, type UsedField} from "./fields.ts"
import {mayMatch} from "./identities.ts"
import {portsAtPods} from "./ports.ts"
import {rulesWith, withoutCaller} from "./rewrite.ts"
import {sidecarPrefix} from "./sidecar-begun.ts"
import {type Guarding, isGuard, keepGuard} from "./sidecar-guards.ts"
import {movedSuffix} from "./to-ambient.ts"

export type ToSidecar = Guarding & {
	/** Enforced AuthorizationPolicies that hold here, attached to a waypoint or selecting pods, as they were before it began. */
	readonly policies: readonly KubeObject[]
}

/** The label that only pods carry which have got a sidecar: it holds copies back from ztunnel, which misreads them. */
export const movedToSidecar: StringMap = {"sidecar.istio.io/inject": "true"}

/**
 * Policies that are attached to a waypoint, for pods that are about to get sidecars. Each Service's pods get a copy
 * that selects them. While callers still come through the waypoint, copies let it through, since it has decided; a
 * guard that keeps out who comes past it stays with the pods that have not moved.
 */
export function toSidecar(input: ToSidecar): Translated {
	const all = input.policies.map((object) => ({object, policy: readPolicy(object).value}))
	const attached = all.filter(({policy}) => policy.targetRefs.length > 0)
	const selecting = all.filter(({policy}) => policy.targetRefs.length === 0)
	return [
		...attached.map((one) => carry(one, {input, attached, selecting})),
		...selecting
			.filter(({policy}) => isGuard(policy, input))
			.map((one) => keepGuard(one.object, one.policy, input)),
	].reduce(joined, nothingTranslated)
}

type One = {readonly object: KubeObject; readonly policy: Policy}
type Around = {
	readonly input: ToSidecar
	readonly attached: readonly One[]
	readonly selecting: readonly One[]
}

function carry({object, policy}: One, around: Around): Translated {
	const {input, selecting} = around
	if (selecting.some((one) => isTwin({object, policy}, one))) return alreadyThere(object)
	const services = targets(policy, input)
	const fields = [
		targetVerdict({object, policy}, services, around),
		...(policy.action === "ALLOW" || policy.action === "DENY"
			? fieldsOf(policy.rules).map((field) => verdictOf(field, services, input))
			: [{path: "spec.action", ...otherAction(policy)}]),
	]
	const verdict = worstOf(fields)
	const source = refOf(object)
	if (verdict === "blocked" || policy.action === "AUDIT")
		return {...nothingTranslated, translations: [{source, verdict, fields, objects: []}]}
	const before = services.map((service) => copy({object, policy}, service, {input, moving: true}))
	const after = services.map((service) => copy({object, policy}, service, {input, moving: false}))
	return {
		...nothingTranslated,
		translations: [{source, verdict, fields, objects: [...before, ...after]}],
		before,
		after,
		retired: [source],
	}
}

/** What Heddle copied to the waypoint, while the policy itself has stayed at the pods. */
const isTwin = ({object, policy}: One, {object: source, policy: {action}}: One): boolean =>
	roleOf(object) === "copy" && sourceOf(object) === refOf(source) && action === policy.action

function alreadyThere(object: KubeObject): Translated {
	const note = `${sourceOf(object)}, of which it was made, selects the pods itself`
	const source = refOf(object)
	const fields: readonly FieldVerdict[] = [{path: "spec.targetRefs", verdict: "exact", note}]
	return {
		...nothingTranslated,
		translations: [{source, verdict: "exact", fields, objects: []}],
		retired: [source],
	}
}

const otherAction = ({action}: Policy): {readonly verdict: TranslationVerdict; readonly note: string} =>
	action === "AUDIT"
		? {verdict: "dropped", note: "it denies nothing"}
		: {
				verdict: "blocked",
				note: "an external authorizer decides, and nothing proves that it decides the same",
			}

/** The Services that a policy is attached to; all of them for the waypoint itself. */
function targets({targetRefs}: Policy, {services, waypoint}: ToSidecar): readonly Service[] {
	const used = services.filter((one) => !isHeadless(one) && Object.keys(one.spec?.selector ?? {}).length > 0)
	return used.filter(({metadata}) =>
		targetRefs.some(
			({kind, name}) =>
				(kind === "Service" && name === metadata.name) || (kind === "Gateway" && name === waypoint.name),
		),
	)
}

function targetVerdict({policy}: One, services: readonly Service[], around: Around): FieldVerdict {
	const {input, attached, selecting} = around
	const path = "spec.targetRefs"
	const known = policy.targetRefs.every(
		({kind, name}) =>
			(kind === "Gateway" && name === input.waypoint.name) ||
			(kind === "Service" && services.some(({metadata}) => metadata.name === name)),
	)
	if (!known || services.length === 0)
		return {path, verdict: "blocked", note: "it names something else than a Service with pods of its own"}
	const names = services.map(({metadata}) => metadata.name)
	const pods = services.flatMap(({spec}) => podsOf(spec?.selector, input))
	const shared = input.services.find(
		({metadata, spec}) =>
			!names.includes(metadata.name) &&
			Object.keys(spec?.selector ?? {}).length > 0 &&
			pods.some(({labels}) => selects({matchLabels: spec?.selector ?? {}}, labels)),
	)
	if (shared !== undefined) {
		const note = `the Service ${shared.metadata.name} leads to the same pods, and it does not hold there`
		return {path, verdict: "blocked", note}
	}
	const other = selecting.find(
		(one) =>
			!isHelper(one, attached, input) &&
			podsOf(one.policy.selector, input).some((pod) => pods.includes(pod)) &&
			one.policy.rules.length + Number(one.policy.action === "ALLOW") > 0,
	)
	if (other !== undefined) {
		const note = `${refOf(other.object)} selects the same pods and decides about the waypoint: together they would mean something else`
		return {path, verdict: "blocked", note}
	}
	return {path, verdict: "exact", note: `by the labels that the Service ${names.join(", ")} selects`}
}

/** Decides nothing of its own about who comes through the waypoint. */
function isHelper({object, policy}: One, attached: readonly One[], input: ToSidecar): boolean {
	const role = roleOf(object)
	if (role === "admit" || isGuard(policy, input)) return true
	const source = role === "stand-in" ? object.metadata.annotations?.[ownedAnnotations.source] : refOf(object)
	const twin = attached.some(
		(one) =>
			roleOf(one.object) === "copy" && one.object.metadata.annotations?.[ownedAnnotations.source] === source,
	)
	const free = policy.rules.every(({from, when}) => from.length + when.length === 0)
	return twin || (policy.action === "DENY" && free)
}

const addresses = ["ipBlocks", "remoteIpBlocks", "source.ip", "remote.ip", "destination.ip"]

function verdictOf(
	{path, key, values}: UsedField,
	services: readonly Service[],
	input: ToSidecar,
): FieldVerdict {
	if (addresses.includes(key))
		return {path, verdict: "blocked", note: "nothing proves which address a waypoint compared"}
	if (key !== "ports" && key !== "destination.port") return {path, verdict: "exact"}
	const known = [values.any, values.none].every((ports) => portsAtPods(ports, services, input) !== undefined)
	return known
		? {path, verdict: "exact", note: "with the ports of the pods"}
		: {path, verdict: "blocked", note: "nothing proves whether it means ports of the Service or of its pods"}
}

type Copying = {readonly input: ToSidecar; readonly moving: boolean}

function copy({object, policy}: One, service: Service, {input, moving}: Copying): KubeObject {
	const ports = (given: readonly string[]) => portsAtPods(given, [service], input) ?? given
	const rules = rulesWith(object, {home: policy.namespace, ports}) ?? []
	const waypoint = principalOf(input.waypoint.identity)
	const admitted = {from: [{source: {principals: [waypoint]}}]}
	const whole = {...object, ...{spec: {rules}}}
	const through =
		policy.action === "ALLOW"
			? [...rules, admitted]
			: policy.rules.some((rule) => mayMatch(policy, rule, input.waypoint.identity))
				? withoutCaller(whole, waypoint)
				: rules
	return owned({
		source: object,
		role: "copy",
		namespace: input.namespace,
		name: `${sidecarPrefix}${policy.name}-${service.metadata.name}${moving ? movedSuffix : ""}`,
		undoneFirst: !moving,
		spec: {
			selector: {matchLabels: {...service.spec?.selector, ...(moving ? movedToSidecar : {})}},
			action: policy.action,
			...(moving ? {rules: through} : rules.length > 0 ? {rules} : {}),
		},
	})
}
