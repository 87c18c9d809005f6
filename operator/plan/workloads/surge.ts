import type {Container} from "../../../profiles/snapshot/shapes.ts"
import {isEmpty} from "../enrolment.ts"
import type {Decision} from "./decide.ts"

/*
 * Named predicates on how a workload replaces its pods: each says what is so when the replacement cannot go without
 * a gap.
 */

/** A number or a percentage of the replicas, as the Deployment controller rounds it. */
export function share(
	value: number | string | undefined,
	{of, up, otherwise}: {of: number; up: boolean; otherwise: string},
): number {
	const given = value ?? otherwise
	if (typeof given === "number") return given
	const part = (Number.parseFloat(given) / 100) * of
	return up ? Math.ceil(part) : Math.floor(part)
}

export function singleReplica({workload}: Decision): string | undefined {
	if (workload.replicas !== 1) return undefined
	if (workload.kind === "StatefulSet") return "A StatefulSet stops its one pod before it starts the next"
	if (workload.kind !== "Deployment" || workload.object.spec?.strategy?.type === "Recreate") return undefined
	const {maxSurge} = workload.object.spec?.strategy?.rollingUpdate ?? {}
	const room = share(maxSurge, {of: 1, up: true, otherwise: "25%"})
	return room > 0 ? undefined : "One replica, and maxSurge is 0"
}

export function recreates({workload}: Decision): string | undefined {
	if (workload.kind !== "Deployment" || workload.object.spec?.strategy?.type !== "Recreate") return undefined
	return `The strategy Recreate stops all ${workload.replicas} pods first`
}

export function hostPort({workload}: Decision): string | undefined {
	const {containers = [], initContainers = []} = workload.template.spec ?? {}
	const port = [...containers, ...initContainers].flatMap(portsOf).find((one) => one !== undefined)
	return port === undefined ? undefined : `It takes the host port ${port}`
}

const portsOf = (one: Container) => (one.ports ?? []).map((port) => port.hostPort)

/** StatefulSets replace a pod and its volume in place, one at a time: no second pod waits for the volume. */
export function claimedVolume({workload}: Decision): string | undefined {
	if (workload.kind !== "Deployment" || workload.object.spec?.strategy?.type === "Recreate") return undefined
	const claim = workload.template.spec?.volumes?.find((one) => one.persistentVolumeClaim !== undefined)
	return claim === undefined
		? undefined
		: `Its pods share the claim ${claim.persistentVolumeClaim?.claimName}`
}

export function onDelete({workload}: Decision): string | undefined {
	if (workload.kind !== "StatefulSet" && workload.kind !== "DaemonSet") return undefined
	return workload.object.spec?.updateStrategy?.type === "OnDelete"
		? "It replaces a pod only when the pod is deleted"
		: undefined
}

export function paused({workload}: Decision): string | undefined {
	return workload.kind === "Deployment" && workload.object.spec?.paused === true
		? "The Deployment is paused"
		: undefined
}

type Progress = {readonly wanted: number; readonly updated: number; readonly ready: number}

function progressOf({workload}: Decision): Progress | undefined {
	switch (workload.kind) {
		case "Deployment":
		case "StatefulSet": {
			const {status} = workload.object
			if (status === undefined) return undefined
			const wanted = workload.replicas
			return {wanted, updated: status.updatedReplicas ?? 0, ready: status.readyReplicas ?? 0}
		}
		case "DaemonSet": {
			const {status} = workload.object
			if (status === undefined) return undefined
			const wanted = status.desiredNumberScheduled ?? 0
			return {wanted, updated: status.updatedNumberScheduled ?? wanted, ready: status.numberReady ?? 0}
		}
		default:
			return undefined
	}
}

/** A StatefulSet that was never rolled has no updated replicas; its revisions are the same. */
function isAtOneRevision({workload}: Decision): boolean {
	if (workload.kind !== "StatefulSet") return false
	const {currentRevision, updateRevision} = workload.object.status ?? {}
	return currentRevision !== undefined && currentRevision === updateRevision
}

export function unfinished(decision: Decision): string | undefined {
	const progress = progressOf(decision)
	if (progress === undefined) return undefined
	const {wanted, updated, ready} = progress
	const {generation} = decision.workload.object?.metadata ?? {}
	const observed = (decision.workload.object as {status?: {observedGeneration?: number}} | undefined)?.status
		?.observedGeneration
	if (generation !== undefined && observed !== undefined && observed < generation) {
		return "Its controller has not seen its latest change"
	}
	if (updated < wanted && !isAtOneRevision(decision))
		return `${updated} of ${wanted} pods are of the latest template`
	return ready < wanted ? `${ready} of ${wanted} pods are ready` : undefined
}

/** A partition of the owner's; the one that a move itself sets comes with a template that is right already. */
export function heldByPartition({workload, keys}: Decision): string | undefined {
	if (workload.kind !== "StatefulSet" || isEmpty(keys)) return undefined
	const {partition = 0} = workload.object.spec?.updateStrategy?.rollingUpdate ?? {}
	return partition > 0 ? `A rollout is held back at partition ${partition}` : undefined
}
