import {addressOf, type KubeObject} from "../../../profiles/snapshot/object.ts"
import type {CronJob, Deployment, Namespace, Pod} from "../../../profiles/snapshot/shapes.ts"
import {type Present, withKeys} from "../enrolment.ts"
import type {Step} from "../types.ts"
import {type Place, podsOf} from "./cluster.ts"

/*
 * A stand-in for a cluster with Istio, and with Linkerd where it is asked for: it carries a plan's steps out on objects, and lets pods be born as Istio's
 * injector and ambient's CNI agent would have them, by the precedence that those document.
 */

type Templated = Deployment | CronJob

/** Objects after a step. Gates and soaks change nothing. */
export function applyStep(objects: readonly KubeObject[], step: Step): readonly KubeObject[] {
	const {manifest, keys, action} = step
	if (action === "Delete") return objects.filter((one) => addressOf(one) !== step.object)
	if (manifest !== undefined) return [...objects.filter((one) => !isSame(one, manifest)), proven(manifest)]
	if (keys === undefined) return objects
	const [kind, second, third] = (step.object ?? "").split("/")
	if (kind === "Namespace") {
		return objects
			.map((one) => (one.kind === "Namespace" && one.metadata.name === second ? patched(one, keys) : one))
			.map(flipped)
	}
	const owner = objects.find(
		(one) => one.kind === kind && one.metadata.name === third && one.metadata.namespace === second,
	)
	if (owner === undefined) throw new Error(`a step patches ${step.object}, which is not there`)
	const next = withTemplate(owner as Templated, keys)
	const rest = objects.map((one) => (one === owner ? next : one))
	return action === "Roll" ? reborn(rest, next) : rest

	/** Ambient follows the namespace's label at once; an injected pod is excluded. */
	function flipped(one: KubeObject, _index: number, all: readonly KubeObject[]): KubeObject {
		if (one.kind !== "Pod" || one.metadata.namespace !== second) return one
		const namespace = all.find((other) => other.kind === "Namespace" && other.metadata.name === second)
		if (one.metadata.annotations?.["sidecar.istio.io/status"] !== undefined) return one
		const {"ambient.istio.io/redirection": _, ...annotations} = one.metadata.annotations ?? {}
		const isIn = ambient(namespace?.metadata ?? {}, one.metadata) && (one as Pod).spec?.hostNetwork !== true
		return {
			...one,
			metadata: {
				...one.metadata,
				annotations: {...annotations, ...(isIn ? {"ambient.istio.io/redirection": "enabled"} : {})},
			},
		}
	}
}

const isSame = (a: KubeObject, b: KubeObject): boolean => addressOf(a) === addressOf(b)

const proven = (manifest: KubeObject): KubeObject =>
	manifest.kind === "Gateway"
		? ({...manifest, status: {conditions: [{type: "Programmed", status: "True"}]}} as KubeObject)
		: manifest

function patched<T extends KubeObject>(object: T, keys: NonNullable<Step["keys"]>): T {
	return {...object, metadata: {...object.metadata, ...withKeys(object.metadata, keys)}}
}

function withTemplate(owner: Templated, keys: NonNullable<Step["keys"]>): KubeObject {
	if (owner.kind === "CronJob") {
		const spec = (owner as CronJob).spec
		const template = spec?.jobTemplate?.spec?.template
		const next = {...template, metadata: withKeys(template?.metadata ?? {}, keys)}
		return {...owner, spec: {...spec, jobTemplate: {spec: {template: next}}}} as unknown as KubeObject
	}
	const {spec} = owner as Deployment
	return {
		...owner,
		spec: {...spec, template: {...spec?.template, metadata: withKeys(spec?.template?.metadata ?? {}, keys)}},
	} as unknown as KubeObject
}

function reborn(objects: readonly KubeObject[], owner: KubeObject): readonly KubeObject[] {
	const {name, namespace} = owner.metadata
	const home = objects.find(
		(one): one is Namespace => one.kind === "Namespace" && one.metadata.name === namespace,
	)
	const place = bornOn(home?.metadata ?? {}, (owner as Deployment).spec?.template?.metadata ?? {})
	const isOld = (one: KubeObject) =>
		one.kind === "Pod" &&
		one.metadata.namespace === namespace &&
		one.metadata.ownerReferences?.some((ref) => ref.name === name || ref.name === `${name}-5d`) === true
	return [...objects.filter((one) => !isOld(one)), ...podsOf(owner, place)]
}

/** Injection asks the namespace first and the pod only where the namespace is silent, except for an opt-out. */
function bornOn(namespace: Present, template: Present): {readonly on: Place; readonly revision?: string} {
	const inject = template.labels?.["sidecar.istio.io/inject"]
	const spaceRevision = namespace.labels?.["istio.io/rev"]
	const injection = namespace.labels?.["istio-injection"]
	const asked =
		injection === "enabled" || (injection === undefined && (spaceRevision !== undefined || inject === "true"))
	const injected = asked && inject !== "false"
	const own =
		injection === undefined && spaceRevision === undefined ? template.labels?.["istio.io/rev"] : spaceRevision
	if (injected)
		return {on: "istio-sidecar", revision: injection === "enabled" ? "default" : (own ?? "default")}
	if (ambient(namespace, template)) return {on: "istio-ambient"}
	const proxied = template.annotations?.["linkerd.io/inject"] ?? namespace.annotations?.["linkerd.io/inject"]
	return {on: proxied === "enabled" ? "linkerd" : "none"}
}

function ambient(namespace: Present, pod: Present): boolean {
	const key = "istio.io/dataplane-mode"
	return (pod.labels?.[key] ?? namespace.labels?.[key]) === "ambient"
}
