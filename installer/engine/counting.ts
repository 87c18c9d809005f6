import type {FlowCounts, InstallEvent, ResourceEvent} from "./events.ts"
import {finalResourceStates} from "./events.ts"

const counted = {
	create: "created",
	update: "updated",
	replace: "updated",
	delete: "deleted",
	adopt: "adopted",
	same: "unchanged",
	read: "unchanged",
} as const

/** Counts what a flow tells of its objects; the last word about each is what counts. */
export class FlowCounter {
	readonly #last = new Map<string, ResourceEvent>()

	hear(event: InstallEvent): void {
		if (event.type === "resource") this.#last.set(event.id, event)
	}

	/** Whether a write has begun: from then on an end is one midway. */
	get hasWritten(): boolean {
		return [...this.#last.values()].some(({state}) => state !== "skipped" && state !== "pending")
	}

	counts(): FlowCounts {
		const counts = {created: 0, updated: 0, deleted: 0, adopted: 0, unchanged: 0, failed: 0}
		for (const {action, state} of this.#last.values()) {
			if (finalResourceStates.has(state)) counts[state === "failed" ? "failed" : counted[action]]++
		}
		return counts
	}
}
