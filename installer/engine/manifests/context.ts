import type {Http} from "../../../operator/kube/http.ts"
import type {FlowDiagnostic, OnInstallEvent} from "../events.ts"
import type {Live} from "./api.ts"
import {ObjectApi} from "./api.ts"
import type {ApplySet} from "./apply-set.ts"
import {withLock} from "./lock.ts"
import type {WholePlan} from "./whole-plan.ts"

/** What the engine needs to work on one release in one cluster. */
export type EngineContext = {
	readonly http: Http
	readonly set: ApplySet
	readonly signal: AbortSignal
	readonly onEvent: OnInstallEvent
	/** How long one object may take to get ready or to go. */
	readonly patienceMs: number
	/** How long to wait for another install of the same release. */
	readonly lockPatienceMs: number
	readonly dryRun: boolean
	/** Leave CRDs, and what there is of their kinds, where removing them would lose objects. */
	readonly keepCrds: boolean
	/** Comes back when a person agreed to the plan; throws otherwise. */
	readonly consent: (plan: WholePlan) => Promise<void>
	/** What speaks against removing these objects; of severity `block` where pods depend on them. */
	readonly enrolled: (leaving: readonly Live[]) => Promise<readonly FlowDiagnostic[]>
}

/** What is done under the lock, with a signal that also ends it when the lock is lost. */
type LockedWork<T> = (api: ObjectApi, signal: AbortSignal) => Promise<T>

export async function locked<T>(context: EngineContext, work: LockedWork<T>): Promise<T> {
	const {http, set, signal, lockPatienceMs: patienceMs, onEvent} = context
	const onWait = (holder: string) =>
		onEvent({
			type: "step",
			id: "lock",
			title: "Wait for another install of the same release",
			state: "progress",
			note: holder,
		})
	return await withLock({http, set, signal, patienceMs, onWait}, async (held) =>
		work(new ObjectApi(http, held), held),
	)
}
