import {messageOf} from "../../abort.ts"
import {isDefinition} from "../../infra/manifest.ts"
import type {Live, ObjectApi} from "./api.ts"
import type {Work} from "./apply.ts"
import {partOf} from "./apply-set.ts"
import {leavingOrder} from "./members.ts"
import {inParallel} from "./parallel.ts"
import {untilGone} from "./settle.ts"
import {nodeOf, telling} from "./tell.ts"

/** Deletes objects the way back of how they came; the next phase begins when those of the one before are gone. */
export async function removeAll(objects: readonly Live[], work: Work): Promise<void> {
	for (const group of leavingOrder(objects)) {
		await inParallel(group, (object) => removeOne(object, work))
		if (group.some(isDefinition)) work.api.forgetKinds()
	}
}

async function removeOne(object: Live, work: Work): Promise<void> {
	const tell = telling(work.onEvent, nodeOf(object), "delete")
	try {
		work.signal.throwIfAborted()
		tell("working")
		await work.api.delete(object)
		await untilGone(object, {...work, onNote: (note) => tell("waiting", note)})
		tell("gone")
	} catch (error) {
		tell("failed", messageOf(error))
		throw error
	}
}

/** Takes the set's mark off what stays, so that no later run takes it for its own. */
export async function letGo(objects: readonly Live[], api: ObjectApi): Promise<void> {
	for (const object of objects) await api.unmark(object, partOf)
}
