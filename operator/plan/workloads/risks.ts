import type {Reason} from "../../../profiles/reason.ts"
import {because, type PlanReasonCode} from "../reasons.ts"
import type {Decision} from "./decide.ts"
import {gitOwner, helmRelease} from "./owners.ts"
import * as surge from "./surge.ts"
import type {Surroundings} from "./surroundings.ts"

/** Says what is so when the risk is there; undefined when it is not. */
type Predicate = (decision: Decision, around: Surroundings) => string | undefined

type Risk = {readonly code: PlanReasonCode; readonly when: Predicate}

const rolls: readonly Risk[] = [
	{code: "SingleReplica", when: surge.singleReplica},
	{code: "RecreateStrategy", when: surge.recreates},
	{code: "HostPort", when: surge.hostPort},
	{code: "VolumeMayNotSurge", when: surge.claimedVolume},
	{code: "PartitionInUse", when: surge.heldByPartition},
	{code: "RolloutUnderWay", when: surge.unfinished},
	{code: "NoReadinessProbe", when: noReadinessProbe},
	{code: "DisruptionBudgetExhausted", when: (one, around) => around.exhaustedBudget(one.workload)},
	{code: "AutoscalerAtMaximum", when: (one, around) => around.autoscalerAtMaximum(one.workload)},
	{code: "QuotaWithoutSurgeRoom", when: (one, around) => around.quotaWithoutRoom(one.workload)},
	{code: "NoPreStop", when: noPreStop},
	{code: "ShortTerminationGrace", when: shortGrace},
]

const writes: readonly Risk[] = [
	{code: "TemplateOwnedByGitOps", when: ({workload}) => gitOwner(workload)},
	{
		code: "TemplateOwnedByHelm",
		when: ({workload}) => (gitOwner(workload) === undefined ? helmRelease(workload) : undefined),
	},
	{code: "OnDeleteStrategy", when: surge.onDelete},
	{code: "DeploymentPaused", when: surge.paused},
]

const stays: readonly Risk[] = [
	{
		code: "BarePod",
		when: ({workload}) => (workload.kind === "Pod" ? "Nothing would recreate this pod" : undefined),
	},
	{
		code: "UnknownController",
		when: ({workload}) => (workload.kind === "Other" ? "Heddle cannot roll what owns these pods" : undefined),
	},
]

const skipped: readonly Risk[] = [
	{
		code: "JobFinishesWhereItIs",
		when: ({workload, reason}) =>
			workload.kind === "Job" && reason.startsWith("a running Job") ? reason : undefined,
	},
]

const tables = {Roll: [...rolls, ...writes], Template: writes, Manual: stays, Skip: skipped} as const

/** What may go wrong with a workload, by what is to become of it. */
export function risksOf(decision: Decision, around: Surroundings): readonly Reason[] {
	return tables[decision.action].flatMap(({code, when}) => {
		const message = when(decision, around)
		return message === undefined ? [] : [because(code, {object: decision.workload.ref, message})]
	})
}

function noReadinessProbe({workload}: Decision, around: Surroundings): string | undefined {
	if (!around.takesTraffic(workload)) return undefined
	const containers = workload.template.spec?.containers ?? []
	return containers.some((one) => one.readinessProbe !== undefined)
		? undefined
		: "No container has a readiness probe"
}

function noPreStop({workload}: Decision, around: Surroundings): string | undefined {
	if (!around.takesTraffic(workload)) return undefined
	const containers = workload.template.spec?.containers ?? []
	return containers.some((one) => one.lifecycle?.preStop !== undefined)
		? undefined
		: "No container has a preStop hook"
}

/** Endpoints follow within 5 to 15 seconds. */
const endpointSeconds = 15

function shortGrace({workload}: Decision, around: Surroundings): string | undefined {
	const seconds = workload.template.spec?.terminationGracePeriodSeconds
	if (seconds === undefined || seconds >= endpointSeconds || !around.takesTraffic(workload)) return undefined
	return `Its pods get ${seconds} s to end`
}
