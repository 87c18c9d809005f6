import type {PlannedWorkload} from "../types.ts"
import type {Decision} from "./decide.ts"

export type Placed = {readonly decision: Decision; readonly wave?: number}

/**
 * Puts what is rolled into waves of at most `size`, in the order given. Templates for later runs disturb nobody:
 * they are patched together after the last wave, when the target is proven.
 */
export function inWaves(decisions: readonly Decision[], size: number): readonly Placed[] {
	let rolled = 0
	const rolls = decisions.filter(({action}) => action === "Roll").length
	const last = Math.ceil(rolls / size) + 1
	return decisions.map((decision) => {
		if (decision.action === "Roll") {
			rolled += 1
			return {decision, wave: Math.ceil(rolled / size)}
		}
		return decision.action === "Template" ? {decision, wave: last} : {decision}
	})
}

export function planned({decision, wave}: Placed): PlannedWorkload {
	const {workload, from, action, reason} = decision
	return {ref: workload.ref, from, action, reason, ...(wave === undefined ? {} : {wave})}
}
