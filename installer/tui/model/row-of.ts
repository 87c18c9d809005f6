import type {MeshBinding} from "../../../crds/generated.ts"
import type {NamespacePlan} from "../../../operator/plan/types.ts"
import {plural} from "../../../profiles/names.ts"
import {standing} from "../../report/plan-text.ts"
import {placeName} from "../../report/verdict.ts"
import type {Row} from "./table.ts"

export type RowInput = {
	/** By the profile that decides; else what the planner would choose by itself. */
	readonly plan: NamespacePlan
	readonly decided: boolean
	readonly pods: number
	readonly binding?: MeshBinding | undefined
}

/** One namespace as a row. All that it says comes from the plan and the binding. */
export function rowOf({plan, decided, pods, binding}: RowInput): Row {
	const system = plan.reasons.find(({code}) => code === "ControlPlaneNamespace")?.message
	const moving = movement(binding)
	const stays = plan.verdict === "UpToDate"
	const {cpuMillis, memoryMiB} = plan.cost.marginal
	const still = stays || plan.to === null
	return {
		namespace: plan.namespace,
		pods,
		now: placeName(plan.from),
		to: system !== undefined || plan.to === null ? "" : stays ? placeName(plan.from) : placeName(plan.to),
		verdict: plan.verdict,
		...(decided && plan.profile !== undefined ? {profile: plan.profile} : {}),
		...(system === undefined ? {} : {system}),
		...(moving === undefined ? {} : {moving}),
		...(moving === undefined ? firstObstacle(plan) : {}),
		why: moving ?? system ?? whyOf(plan, decided),
		saves: {
			cpuMillis: still ? 0 : -cpuMillis.likely,
			memoryMiB: still ? 0 : -memoryMiB.likely,
		},
		blocks: plan.reasons.filter(({severity}) => severity === "block").length,
		risks: plan.verdict === "NeedsAcceptance" ? standing(plan).length : 0,
	}
}

function firstObstacle(plan: NamespacePlan): Pick<Row, "first"> {
	const [first] = standing(plan)
	if (first === undefined) return {}
	const {message, fix} = first
	return {first: fix === undefined ? {message} : {message, fix}}
}

const underWay: ReadonlySet<string> = new Set(["Running", "Holding", "RollingBack"])

function movement(binding: MeshBinding | undefined): string | undefined {
	const migration = binding?.status?.migration
	if (migration === undefined || !underWay.has(migration.state)) return undefined
	const word = migration.state === "RollingBack" ? "rolling back" : migration.state.toLowerCase()
	return migration.message === undefined ? word : `${word}: ${migration.message}`
}

function whyOf(plan: NamespacePlan, decided: boolean): string {
	const codes = [...new Set(standing(plan).map(({code}) => code))]
	if (plan.verdict === "Blocked") return `${plural(codes.length, "block")}: ${codes.join(", ")}`
	if (plan.verdict === "NeedsAcceptance") return `accept ${codes.join(", ")}`
	if (plan.verdict === "UpToDate")
		return decided ? `where ${plan.profile} wants it` : (betterOff(plan) ?? usesOf(plan))
	return usesOf(plan)
}

/** What the planner said of the best other candidate when it keeps a namespace where it is. */
function betterOff({candidates, to}: NamespacePlan): string | undefined {
	const other = candidates.find(({dataplane, reasons}) => dataplane !== to?.dataplane && reasons.length > 0)
	return other && `${other.dataplane}: ${other.reasons[0]}`
}

function usesOf({features}: NamespacePlan): string {
	const names = (list: typeof features) => list.map(({name}) => name).join(", ")
	const waypoint = features.filter(({support}) => support === "waypoint")
	if (waypoint.length > 0) return `${names(waypoint)}: waypoint needed`
	return features.length === 0 ? "no policy or route in use" : `carries ${names(features)}`
}
