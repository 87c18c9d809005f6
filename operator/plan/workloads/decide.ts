import type {Dataplane, Keys} from "../../../profiles/dataplane.ts"
import {declared, isEmpty, keysToChange, noKeys, optsOut, type Present} from "../enrolment.ts"
import type {ClusterFacts, Installed} from "../facts.ts"
import {placeOf} from "../from.ts"
import type {WorkloadAction} from "../types.ts"
import type {Workload} from "./collect.ts"

/** What is to become of one workload. */
export type Decision = {
	readonly workload: Workload
	readonly from: string
	readonly action: WorkloadAction
	readonly reason: string
	/** What its template has to change; empty where nothing is written. */
	readonly keys: Keys
}

export type Goal = {
	readonly target: Installed
	readonly namespace: Present
	readonly facts: ClusterFacts
	readonly dataplanes: readonly Dataplane[]
	/** What a template lacks beside the dataplane's own keys, such as an application runtime's. */
	readonly beside?: (workload: Workload) => Keys
}

type Choice = Pick<Decision, "action" | "reason"> & {readonly keys?: Keys}

type Case = {
	readonly workload: Workload
	readonly goal: Goal
	readonly from: string
	readonly settled: boolean
	/** What the template still has to change. */
	readonly keys: Keys
	/** The template already says what is wanted. */
	readonly right: boolean
}

export function decide(workload: Workload, goal: Goal): Decision {
	const present = workload.template.metadata ?? {}
	const installed = new Set(goal.facts.installed.map(({dataplane}) => dataplane.name))
	const beside = goal.beside?.(workload) ?? noKeys
	const own = keysToChange({level: "template", present, installed, ...goal})
	const keys = {
		labels: {...own.labels, ...beside.labels},
		annotations: {...own.annotations, ...beside.annotations},
	}
	const counted = workload.pods.filter(({is}) => is.counted)
	const from = counted.length > 0 ? placeOf(counted.map(({is}) => is)) : declaredPlace(workload, goal)
	const settled = isSettled(workload, goal) && isEmpty(beside)
	const choice = choose({workload, goal, from, settled, keys, right: isEmpty(keys)})
	return {workload, from, action: choice.action, reason: choice.reason, keys: choice.keys ?? noKeys}
}

const declaredPlace = ({template}: Workload, {namespace, facts}: Goal): string => {
	const found = declared(namespace, template.metadata ?? {}, facts.installed).map(
		({dataplane}) => dataplane.name,
	)
	const meshes = found.filter((name) => name !== "none")
	return meshes.length === 0 ? "none" : placeOf(meshes.map((dataplane) => ({dataplane})))
}

/** Its pods are proven to be the target's, and nothing in its template would lead the next ones elsewhere. */
function isSettled(workload: Workload, {target, namespace, facts}: Goal): boolean {
	const present = workload.template.metadata ?? {}
	const counted = workload.pods.filter(({is}) => is.counted)
	if (counted.length === 0) {
		return workload.replicas === 0 && declaresTarget(declared(namespace, present, facts.installed), target)
	}
	const {dataplane, installation} = target
	const proven = counted.every(
		({is}) =>
			is.dataplane === dataplane.name && (is.revision === undefined || is.revision === installation.revision),
	)
	const astray = declared({}, present, facts.installed).some(
		(one) => isMesh(one) && one.dataplane.name !== dataplane.name,
	)
	return proven && !astray && !optsOut(present, dataplane)
}

const isMesh = ({dataplane}: Installed): boolean => dataplane.family !== "None"

export function declaresTarget(found: readonly Installed[], {dataplane, installation}: Installed): boolean {
	const meshes = found.filter(isMesh)
	if (dataplane.family === "None") return meshes.length === 0
	return (
		meshes.length === 1 &&
		meshes[0]?.dataplane === dataplane &&
		meshes[0].installation.revision === installation.revision
	)
}

function choose(one: Case): Choice {
	const {workload, goal} = one
	const name = goal.target.dataplane.name
	if (workload.template.spec?.hostNetwork === true) {
		return {action: "Skip", reason: "it is on the host's network, which no dataplane captures"}
	}
	switch (workload.kind) {
		case "Pod":
		case "Other":
			return unowned(one, name)
		case "Job":
			return job(one, name)
		case "CronJob":
			return one.settled || one.right
				? {action: "Skip", reason: `its next run starts on ${name}`}
				: {action: "Template", reason: `its next run starts on ${name}`, keys: one.keys}
		default:
			return one.settled ? {action: "Skip", reason: standing(workload, name)} : replaced(one, name)
	}
}

function standing({pods, replicas}: Workload, name: string): string {
	const proven = pods.filter(({is}) => is.counted).length
	return replicas === 0 && proven === 0
		? `scaled to zero; its next pods start on ${name}`
		: `${proven} of ${proven} pods proven on ${name}`
}

function unowned({workload, settled}: Case, name: string): Choice {
	if (settled) return {action: "Skip", reason: `already on ${name}`}
	return workload.kind === "Pod"
		? {action: "Manual", reason: "nothing would recreate it; a person does that when it suits"}
		: {action: "Manual", reason: "Heddle does not know how to roll what owns these pods"}
}

function job({workload, settled, from, right, keys}: Case, name: string): Choice {
	if (workload.kind !== "Job") throw new TypeError("not a Job")
	const {spec, status} = workload.object
	const finished =
		status?.completionTime !== undefined ||
		status?.conditions?.some((one) => one.type === "Failed" && one.status === "True")
	if (finished === true) return {action: "Skip", reason: "finished"}
	if (settled) return {action: "Skip", reason: `already on ${name}`}
	if (spec?.suspend === true && workload.pods.length === 0) {
		return right
			? {action: "Skip", reason: `suspended; it starts on ${name}`}
			: {action: "Template", reason: `suspended; it starts on ${name}`, keys}
	}
	return {action: "Skip", reason: `a running Job cannot be changed; it finishes on ${from}`}
}

/** Workloads that replace their pods, or could. */
function replaced({workload, keys, right}: Case, name: string): Choice {
	const held = heldBack(workload)
	const counted = workload.pods.filter(({is}) => is.counted).length
	if (held !== undefined) {
		return right && counted > 0
			? {action: "Manual", reason: `its template is ready for ${name}; ${held.next}`}
			: {action: "Template", reason: held.why, keys}
	}
	if (workload.replicas === 0) {
		return {
			action: right ? "Skip" : "Template",
			reason: `scaled to zero; its next pods start on ${name}`,
			keys,
		}
	}
	if (counted === 0) return {action: "Roll", reason: "no pod of it was seen, so nothing is proven", keys}
	const off = workload.pods.filter(({is}) => is.counted && is.dataplane !== name).length
	return {
		action: "Roll",
		reason:
			off === 0
				? "its pods follow another revision or template"
				: `${off} of ${counted} pods are not on ${name}`,
		keys,
	}
}

/** Why a patched template makes no new pods by itself. */
function heldBack({kind, object}: Workload): {readonly why: string; readonly next: string} | undefined {
	if (kind === "ReplicaSet") {
		return {why: "a ReplicaSet does not replace its pods", next: "delete its pods one by one"}
	}
	if (kind === "Deployment" && object.spec?.paused === true) {
		return {why: "the Deployment is paused and rolls when it is resumed", next: "resume the Deployment"}
	}
	const updates =
		kind === "StatefulSet" || kind === "DaemonSet" ? object.spec?.updateStrategy?.type : undefined
	return updates === "OnDelete"
		? {
				why: "its strategy OnDelete replaces a pod when a person deletes it",
				next: "delete its pods one by one",
			}
		: undefined
}
