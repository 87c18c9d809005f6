import type {Disruption, PlannedWorkload} from "../types.ts"
import type {Decision} from "./decide.ts"

export type Placed = {
	readonly decision: Decision
	readonly wave?: number
	readonly disruption?: Disruption | undefined
}

export type Waves = {
	/** Most workloads of a wave. */
	readonly size: number
	/** By reference: who calls whom is never in one wave, but in a cycle. Those without a rank are of the first. */
	readonly rank: ReadonlyMap<string, number>
}

/**
 * Puts what is rolled into waves by rank, and in the order given within one. Templates for later runs disturb nobody:
 * they are patched together after the last wave, when the target is proven.
 */
export function inWaves(decisions: readonly Decision[], {size, rank}: Waves): readonly Placed[] {
	const rankOf = ({workload}: Decision) => rank.get(workload.ref) ?? 0
	const rolls = decisions.filter(({action}) => action === "Roll").toSorted((a, b) => rankOf(a) - rankOf(b))
	const waves = new Map<Decision, number>()
	let wave = 0
	let members: Decision[] = []
	for (const decision of rolls) {
		const [first] = members
		if (first === undefined || members.length === size || rankOf(first) !== rankOf(decision)) {
			wave += 1
			members = []
		}
		members.push(decision)
		waves.set(decision, wave)
	}
	return decisions.map((decision) => {
		const own = waves.get(decision) ?? (decision.action === "Template" ? wave + 1 : undefined)
		return own === undefined ? {decision} : {decision, wave: own}
	})
}

export function planned({decision, wave, disruption}: Placed): PlannedWorkload {
	const {workload, from, action, reason} = decision
	return {
		ref: workload.ref,
		from,
		action,
		reason,
		...(wave === undefined ? {} : {wave}),
		...(disruption === undefined ? {} : {disruption}),
	}
}
