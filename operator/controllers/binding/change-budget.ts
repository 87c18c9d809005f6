import type {KubeObject} from "../../../profiles/snapshot/object.ts"
import type {Action} from "./actions.ts"

type BudgetOptions = {
	/** Pods that are replaced per second, of all namespaces together. */
	readonly perSecond: number
	/** Milliseconds of a clock that never goes back. */
	readonly now: () => number
}

/**
 * Keeps the churn of the API bounded however many namespaces move at once: a second's worth may be spent at once, and
 * who spends more makes the next one wait for it.
 */
export class ChangeBudget {
	readonly #options: BudgetOptions
	/** When all is paid back, if nobody spends any more. */
	#paidAt = Number.NEGATIVE_INFINITY

	constructor(options: BudgetOptions) {
		this.#options = options
	}

	/** Spends, or tells in how many milliseconds to ask again. Nothing costs nothing. */
	take(pods: number): number {
		const wait = this.#paidAt - this.#options.now() - 1_000
		if (pods > 0 && wait > 0) return wait
		this.spend(pods)
		return 0
	}

	/** Spends what cannot wait: the way back. */
	spend(pods: number): void {
		const {perSecond, now} = this.#options
		this.#paidAt = Math.max(this.#paidAt, now()) + (pods * 1_000) / perSecond
	}
}

/** How many pods these writes let be replaced. */
export const podsChanged = (actions: readonly Action[]): number =>
	actions.reduce((sum, action) => sum + changedBy(action), 0)

type Sized = KubeObject & {
	readonly spec?: {readonly replicas?: number}
	readonly status?: {readonly desiredNumberScheduled?: number}
}

function changedBy(action: Action): number {
	if (action.type === "partition") return action.partition < sizeOf(action.object) ? 1 : 0
	if (action.type !== "template") return 0
	const {kind} = action.object
	// A StatefulSet waits for its partition; what runs later is somebody else's doing.
	return kind === "Deployment" || kind === "DaemonSet" ? sizeOf(action.object) : 0
}

const sizeOf = (object: KubeObject): number => {
	const {spec, status} = object as Sized
	return status?.desiredNumberScheduled ?? spec?.replicas ?? 1
}
