import {messageOf} from "../../abort.ts"
import {isDefinition} from "../../infra/manifest.ts"
import type {OnInstallEvent} from "../events.ts"
import type {ObjectApi} from "./api.ts"
import {inParallel} from "./parallel.ts"
import type {PlannedObject} from "./plan.ts"
import {untilGone, untilReady} from "./settle.ts"
import {nodeOf, type Tell, telling} from "./tell.ts"

export type Work = {
	readonly api: ObjectApi
	readonly signal: AbortSignal
	/** How long one stage may take to get ready. */
	readonly patienceMs: number
	readonly onEvent: OnInstallEvent
}

/**
 * Applies a plan stage by stage; the next begins when everything of the one before is ready. What is as wanted is not
 * written, only waited for: a run that was killed may have left it half way.
 */
export async function applyPlan(plan: readonly PlannedObject[], work: Work): Promise<void> {
	const stages = Map.groupBy(plan, ({stage}) => stage)
	for (const stage of [...stages.keys()].sort((a, b) => a - b)) {
		work.signal.throwIfAborted()
		const objects = stages.get(stage) ?? []
		await inParallel(objects, (one) => applyOne(one, work))
		if (objects.some(({member}) => isDefinition(member))) work.api.forgetKinds()
	}
}

async function applyOne(one: PlannedObject, work: Work): Promise<void> {
	const tell = telling(work.onEvent, nodeOf(one.member, one.component), one.action)
	if (one.action === "read") return tell("skipped", "it was there before, and is left as it is")
	try {
		work.signal.throwIfAborted()
		await write(one, work, tell)
		await untilReady(one.member, {...work, onNote: (note) => tell("waiting", note)})
		tell(one.action === "same" ? "skipped" : "ready")
	} catch (error) {
		tell("failed", messageOf(error))
		throw error
	}
}

async function write({action, member, live}: PlannedObject, work: Work, tell: Tell): Promise<void> {
	if (action === "same") return
	tell("working")
	const isLeaving = live?.metadata.deletionTimestamp !== undefined
	if (live !== undefined && (action === "replace" || isLeaving)) {
		await work.api.delete(live)
		await untilGone(live, {...work, onNote: (note) => tell("waiting", note)})
	}
	await work.api.apply(member, {dryRun: false})
}
