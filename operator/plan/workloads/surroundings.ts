import * as kinds from "../../../profiles/snapshot/kinds.ts"
import type {StringMap} from "../../../profiles/snapshot/object.ts"
import type {PodDisruptionBudget, ResourceQuota} from "../../../profiles/snapshot/shapes.ts"
import type {Snapshot} from "../../../profiles/snapshot/snapshot.ts"
import {quantity, type Requests, requestsOf} from "../quantity.ts"
import {matches} from "../selector.ts"
import type {Workload} from "./collect.ts"
import {share} from "./surge.ts"

/** What else in a namespace bears on how its workloads may be replaced. Each answer is a sentence, or undefined. */
export type Surroundings = {
	/** A Service selects its pods, or they declare ports. */
	takesTraffic(workload: Workload): boolean
	/** The budget of its pods and what it allows, whether it stands in the way or not. */
	budget(workload: Workload): string | undefined
	exhaustedBudget(workload: Workload): string | undefined
	autoscalerAtMaximum(workload: Workload): string | undefined
	quotaWithoutRoom(workload: Workload): string | undefined
}

/** `perPod` is what the target adds to each pod. */
export function surroundingsOf(snapshot: Snapshot, namespace: string, perPod: Requests): Surroundings {
	const services = snapshot.list(kinds.Service, namespace).map((one) => one.spec?.selector ?? {})
	const budgets = snapshot.list(kinds.PodDisruptionBudget, namespace)
	const scalers = snapshot.list(kinds.HorizontalPodAutoscaler, namespace)
	const quotas = snapshot.list(kinds.ResourceQuota, namespace)
	const selecting = services.filter((selector) => Object.keys(selector).length > 0)
	return {
		takesTraffic: ({template}) =>
			selecting.some((matchLabels) => matches({matchLabels}, template.metadata?.labels)) ||
			(template.spec?.containers ?? []).some((one) => (one.ports ?? []).length > 0),
		budget: (workload) => {
			const budget = budgets.find((one) => isOver(one, workload))
			const allowed = budget?.status?.disruptionsAllowed
			return (
				budget &&
				`PodDisruptionBudget ${budget.metadata.name}${allowed === undefined ? "" : ` allows ${allowed}`}`
			)
		},
		exhaustedBudget: (workload) => {
			const budget = budgets.find((one) => isExhausted(one, workload))
			return budget && `PodDisruptionBudget ${budget.metadata.name} allows no disruption`
		},
		autoscalerAtMaximum: ({kind, name}) => {
			const scaler = scalers.find(
				({spec}) => spec?.scaleTargetRef?.kind === kind && spec.scaleTargetRef.name === name,
			)
			const {maxReplicas = Number.POSITIVE_INFINITY} = scaler?.spec ?? {}
			const {currentReplicas = 0} = scaler?.status ?? {}
			return currentReplicas >= maxReplicas
				? `HorizontalPodAutoscaler ${scaler?.metadata.name} is at its maximum of ${maxReplicas}`
				: undefined
		},
		quotaWithoutRoom: ({template}) => {
			const pod = requestsOf(template.spec)
			const short = quotas.flatMap((quota) =>
				lacking(quota, {
					cpuMillis: pod.cpuMillis + perPod.cpuMillis,
					memoryMiB: pod.memoryMiB + perPod.memoryMiB,
				}),
			)
			return short[0]
		},
	}
}

const isOver = ({spec}: PodDisruptionBudget, {template}: Workload): boolean =>
	matches(spec?.selector ?? {}, template.metadata?.labels)

function isExhausted(budget: PodDisruptionBudget, workload: Workload): boolean {
	if (!isOver(budget, workload)) return false
	const {spec, status} = budget
	if (status?.disruptionsAllowed !== undefined) return status.disruptionsAllowed === 0
	const of = workload.replicas
	if (spec?.maxUnavailable !== undefined)
		return share(spec.maxUnavailable, {of, up: true, otherwise: "0"}) === 0
	return spec?.minAvailable !== undefined && share(spec.minAvailable, {of, up: true, otherwise: "0"}) >= of
}

function lacking({metadata, spec, status}: ResourceQuota, needs: Requests): readonly string[] {
	const hard: StringMap = status?.hard ?? spec?.hard ?? {}
	const used: StringMap = status?.used ?? {}
	const wanted: Readonly<Record<string, number>> = {
		pods: 1,
		"count/pods": 1,
		cpu: needs.cpuMillis / 1e3,
		"requests.cpu": needs.cpuMillis / 1e3,
		memory: needs.memoryMiB * 2 ** 20,
		"requests.memory": needs.memoryMiB * 2 ** 20,
	}
	return Object.entries(wanted)
		.filter(([resource, need]) => {
			const limit = quantity(hard[resource])
			return limit !== undefined && limit - (quantity(used[resource]) ?? 0) < need
		})
		.map(([resource]) => `ResourceQuota ${metadata.name} has no room for one more pod (${resource})`)
}
