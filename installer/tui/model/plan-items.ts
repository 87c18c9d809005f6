import type {NamespacePlan, Plan, Step} from "../../../operator/plan/types.ts"
import type {Reason} from "../../../profiles/reason.ts"
import type {Draft} from "./draft.ts"

/** One line of the plan; the cursor goes from line to line. */
export type PlanItem =
	| {readonly kind: "namespace"; readonly plan: NamespacePlan}
	| {readonly kind: "reason"; readonly reason: Reason; readonly namespace: string; readonly accepted: boolean}
	| {readonly kind: "step"; readonly step: Step; readonly number: number; readonly namespace: string}
	| {readonly kind: "manual"; readonly ref: string; readonly reason: string; readonly namespace: string}

/** What stands in the way comes first, then what would be done, in its order. */
export function planItems(plan: Plan, {accept}: Draft): readonly PlanItem[] {
	return plan.namespaces.flatMap((one): PlanItem[] => {
		const {namespace} = one
		const reasons = one.reasons.filter(({severity}) => severity !== "info")
		return [
			{kind: "namespace", plan: one},
			...(one.verdict === "UpToDate" ? [] : reasons).map(
				(reason): PlanItem => ({
					kind: "reason",
					reason,
					namespace,
					accepted:
						reason.severity === "accept" &&
						(accept.includes(reason.code) || one.accepted?.includes(reason.code) === true),
				}),
			),
			...one.steps.map((step, index): PlanItem => ({kind: "step", step, number: index + 1, namespace})),
			...one.workloads
				.filter(({action}) => action === "Manual")
				.map(({ref, reason}): PlanItem => ({kind: "manual", ref, reason, namespace})),
		]
	})
}

export type PlanTotals = {
	readonly namespaces: number
	readonly workloads: number
	readonly waves: number
	/** What the waves of the slowest namespace are watched for, in all: the whole cannot be faster. */
	readonly soakMs: number
	/** Codes of open or accepted risks, with how often each. */
	readonly risks: ReadonlyMap<string, number>
	readonly blocks: number
	readonly saves: {readonly cpuMillis: number; readonly memoryMiB: number}
}

export function planTotals({namespaces}: Plan): PlanTotals {
	const moving = namespaces.filter(({verdict}) => verdict !== "UpToDate")
	const workloads = moving.flatMap((one) =>
		one.workloads.filter(({action}) => action === "Roll" || action === "Template"),
	)
	const reasons = moving.flatMap((one) => one.reasons)
	const risks = new Map<string, number>()
	for (const {severity, code} of reasons)
		if (severity === "accept") risks.set(code, (risks.get(code) ?? 0) + 1)
	const sum = (pick: (one: NamespacePlan) => number) =>
		moving.reduce((total, one) => total + (one.to === null ? 0 : pick(one)), 0)
	return {
		namespaces: moving.length,
		workloads: workloads.length,
		waves: moving.reduce((total, one) => total + Math.max(0, ...one.steps.map(({wave}) => wave ?? 0)), 0),
		soakMs: Math.max(0, ...moving.map(soakOf)),
		risks,
		blocks: reasons.filter(({severity}) => severity === "block").length,
		saves: {
			cpuMillis: -sum(({cost}) => cost.marginal.cpuMillis.likely),
			memoryMiB: -sum(({cost}) => cost.marginal.memoryMiB.likely),
		},
	}
}

const units: Readonly<Record<string, number>> = {ms: 1, s: 1_000, m: 60_000, h: 3_600_000}

/** Read from the soak steps' own words, which is where the planner puts the profile's figure. */
function soakOf({steps}: NamespacePlan): number {
	return steps
		.filter(({action}) => action === "Soak")
		.flatMap(({note}) => [...note.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)\b/g)])
		.reduce((total, [, amount, unit]) => total + Number(amount) * (units[unit ?? ""] ?? 0), 0)
}
