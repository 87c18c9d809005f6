import type {Keys} from "../../../profiles/dataplane.ts"
import type {Pod} from "../../../profiles/snapshot/shapes.ts"
import {annotations} from "../../api/names.ts"
import {refusedBy} from "../../kube/admission.ts"
import {isEmpty, type Present} from "../../plan/enrolment.ts"
import type {SeenPod, Workload} from "../../plan/workloads/collect.ts"

/** How far a workload has come. The messages are for a person. */
export type Rollout =
	| {readonly phase: "gone"}
	| {readonly phase: "unpatched"; readonly keys: Keys}
	| {readonly phase: "waiting"; readonly message: string; readonly partition?: number}
	| {readonly phase: "failed"; readonly message: string}
	| {readonly phase: "complete"; readonly message: string}

/** Where pods are to be. */
export type Place = {readonly dataplane: string; readonly revision?: string | undefined}

export type Question = {
	readonly workload: Workload | undefined
	/** What would still have to change on these labels and annotations. */
	readonly missing: (present: Present) => Keys
	/** Undefined when any place will do, as after a roll-back to a mixed state. */
	readonly to: Place | undefined
	/** Milliseconds since 1970. */
	readonly now: number
}

/**
 * How long a pod may be Ready before a node agent has marked it. An injected proxy is there from the start; an agent
 * that follows labels comes a moment later.
 */
const captureGraceMs = 10_000

/** Restarts of one container after which a new pod counts as failing under its new dataplane. */
const tolerableRestarts = 2

/** Where a roll stands, from the workload's own counters and from the evidence of each of its pods. */
export function rollout(question: Question): Rollout {
	const {workload, missing, to} = question
	if (workload?.object === undefined || workload.object.metadata.deletionTimestamp !== undefined)
		return {phase: "gone"}
	const keys = missing(workload.template.metadata ?? {})
	if (!isEmpty(keys)) return {phase: "unpatched", keys}
	if (workload.kind === "CronJob" || workload.kind === "Job")
		return {phase: "complete", message: "its next run starts there"}
	if (isOnDelete(workload)) return {phase: "complete", message: "its pods move when their owner deletes them"}
	const pods = workload.pods.filter(({pod}) => pod.metadata.deletionTimestamp === undefined)
	const failure = deadline(workload) ?? first(pods, (seen) => podFailure(seen, question))
	if (failure !== undefined) return {phase: "failed", message: failure}
	const counters = unfinished(workload)
	if (counters !== undefined) return counters
	const doubt = first(pods, (seen) => podDoubt(seen, to))
	if (doubt !== undefined) return {phase: "waiting", message: doubt}
	return {phase: "complete", message: `${pods.length} of ${pods.length} pods proven`}
}

const isOnDelete = (workload: Workload): boolean =>
	(workload.kind === "StatefulSet" || workload.kind === "DaemonSet") &&
	workload.object.spec?.updateStrategy?.type === "OnDelete"

function first(pods: readonly SeenPod[], look: (seen: SeenPod) => string | undefined): string | undefined {
	for (const seen of pods) {
		const found = look(seen)
		if (found !== undefined) return found
	}
	return undefined
}

function deadline(workload: Workload): string | undefined {
	if (workload.kind !== "Deployment" || !isSeen(workload)) return undefined
	const progressing = workload.object.status?.conditions?.find(({type}) => type === "Progressing")
	if (progressing?.reason !== "ProgressDeadlineExceeded") return undefined
	return `the Deployment's progress deadline is exceeded: ${progressing.message ?? ""}`
}

/** Its controller has counted the change that was made last. */
const isSeen = ({object}: Workload & {readonly kind: "Deployment" | "StatefulSet" | "DaemonSet"}): boolean =>
	(object.status?.observedGeneration ?? 0) >= (object.metadata.generation ?? 0)

/** A new pod that fails, or is Ready without being where it should be, ends the roll at once. */
function podFailure({pod, is}: SeenPod, {workload, missing, to, now}: Question): string | undefined {
	if (!isEmpty(missing(pod.metadata)) || markOf(pod) !== markOf(workload?.template)) return undefined
	const {name} = pod.metadata
	const crashing = statuses(pod).find(
		({state, restartCount}) =>
			state?.waiting?.reason === "CrashLoopBackOff" && (restartCount ?? 0) >= tolerableRestarts,
	)
	if (crashing !== undefined)
		return `container ${crashing.name} of pod ${name} crashed ${crashing.restartCount} times`
	if (to === undefined || !isReady(pod) || !is.counted || isThere(is, to)) return undefined
	// Redirected and not yet accepted is on the way; the deadline of the step bounds it.
	if (is.dataplane === "pending" || now < readySince(pod) + captureGraceMs) return undefined
	return `pod ${name} is Ready, but not on ${nameOf(to)}: ${is.detail}`
}

/** Where pods are made anew of the same keys, this mark alone tells the new from the old. */
const markOf = (made: {readonly metadata?: Present} | undefined): string | undefined =>
	made?.metadata?.annotations?.[annotations.rolledBy]

function podDoubt({pod, is}: SeenPod, to: Place | undefined): string | undefined {
	const {phase} = pod.status ?? {}
	if (phase === "Succeeded" || phase === "Failed") return undefined
	const {name} = pod.metadata
	if (!isReady(pod)) return `pod ${name} is not Ready yet`
	if (to === undefined || !is.counted) return undefined
	return isThere(is, to) && is.ready ? undefined : `pod ${name}: ${is.detail}`
}

export const isThere = (is: {readonly dataplane: string; readonly revision?: string}, to: Place): boolean =>
	is.dataplane === to.dataplane &&
	(to.revision === undefined || is.revision === undefined || is.revision === to.revision)

const nameOf = ({dataplane, revision}: Place): string =>
	revision === undefined || revision === "default" ? dataplane : `${dataplane} ${revision}`

const statuses = ({status}: Pod) => [
	...(status?.initContainerStatuses ?? []),
	...(status?.containerStatuses ?? []),
]

const isReady = ({status}: Pod): boolean =>
	status?.conditions?.some((condition) => condition.type === "Ready" && condition.status === "True") ?? false

/** When a pod became Ready, in milliseconds since 1970; 0 when nothing tells. */
export const readySince = ({status}: Pod): number =>
	Date.parse(status?.conditions?.find(({type}) => type === "Ready")?.lastTransitionTime ?? "") || 0

/** What the workload's controller has yet to do; undefined when it is through. */
function unfinished(workload: Workload): Rollout | undefined {
	switch (workload.kind) {
		case "Deployment":
			return isSeen(workload) ? deploymentCounters(workload) : unseen
		case "StatefulSet":
			return isSeen(workload) ? statefulSetCounters(workload) : unseen
		case "DaemonSet":
			return isSeen(workload) ? daemonSetCounters(workload) : unseen
		default:
			return undefined
	}
}

const unseen: Rollout = {phase: "waiting", message: "its controller has not seen the change yet"}

function deploymentCounters({
	object,
	replicas: wanted,
}: Extract<Workload, {kind: "Deployment"}>): Rollout | undefined {
	const {replicas = 0, updatedReplicas: updated = 0, availableReplicas: available = 0} = object.status ?? {}
	if (object.spec?.paused)
		return {phase: "waiting", message: "the Deployment is paused; resume it with: kubectl rollout resume"}
	// A quota, a LimitRange or a webhook refuses them: what of it can be known stands there and nowhere else.
	const refused = object.status?.conditions?.find(
		({type, status}) => type === "ReplicaFailure" && status === "True",
	)
	if (refused !== undefined && updated < wanted)
		return {phase: "waiting", message: cannotBeMade(refused.message ?? refused.reason ?? "")}
	if (Math.min(updated, available) < wanted)
		return {
			phase: "waiting",
			message: `${Math.min(updated, available)} of ${wanted} pods updated and available`,
		}
	return replicas > updated
		? {phase: "waiting", message: `${replicas - updated} old pods still have to go`}
		: undefined
}

/** What the API server told the workload's controller, and what a person can do about it. */
export function cannotBeMade(why: string): string {
	const admission = refusedBy(why)
	return `its pods cannot be made: ${why}${admission === undefined ? "" : `. ${admission.fix}`}`
}

/** A StatefulSet moves one pod at a time: the partition goes down when the pods above it are ready. */
function statefulSetCounters({
	object,
	pods,
	replicas: wanted,
}: Extract<Workload, {kind: "StatefulSet"}>): Rollout | undefined {
	const {
		updatedReplicas: updated = 0,
		readyReplicas: ready = 0,
		currentRevision,
		updateRevision,
	} = object.status ?? {}
	// Kubernetes counts no updated replicas once the update revision has become the current one.
	if (currentRevision === updateRevision && ready >= wanted) return leftBehind(pods, updateRevision)
	const partition = Math.min(object.spec?.updateStrategy?.rollingUpdate?.partition ?? 0, wanted)
	if (updated < wanted - partition || ready < wanted)
		return {phase: "waiting", message: `${updated} of ${wanted} pods updated, ${ready} ready`}
	const next = partition - 1
	return partition > 0
		? {phase: "waiting", message: `pod ${object.metadata.name}-${next} is next`, partition: next}
		: undefined
}

/** After a change back both revisions are the same at once, while the pods of the change in between still run. */
function leftBehind(pods: readonly SeenPod[], revision: string | undefined): Rollout | undefined {
	const old = pods.find(({pod: {metadata}}) => {
		const made = metadata.labels?.["controller-revision-hash"]
		return metadata.deletionTimestamp === undefined && made !== undefined && made !== revision
	})
	return old && {phase: "waiting", message: `pod ${old.pod.metadata.name} is of an earlier revision`}
}

function daemonSetCounters({object}: Extract<Workload, {kind: "DaemonSet"}>): Rollout | undefined {
	const {
		desiredNumberScheduled: wanted = 0,
		updatedNumberScheduled: updated = 0,
		numberReady: ready = 0,
	} = object.status ?? {}
	return Math.min(updated, ready) < wanted
		? {phase: "waiting", message: `${Math.min(updated, ready)} of ${wanted} pods updated and ready`}
		: undefined
}
