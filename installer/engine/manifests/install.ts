import type {Manifest} from "../../infra/manifest.ts"
import {identityOf} from "../../infra/manifest.ts"
import type {FlowResult} from "../events.ts"
import type {Installation} from "../installation.ts"
import type {Placed} from "../ordered.ts"
import {ObjectApi} from "./api.ts"
import {applyPlan} from "./apply.ts"
import type {ApplySet} from "./apply-set.ts"
import {contentsIn, contentsOf, home, joined, parentOf} from "./apply-set.ts"
import type {EngineContext} from "./context.ts"
import {locked} from "./context.ts"
import {letGo, removeAll} from "./remove.ts"
import {changedFields} from "./same.ts"
import type {WholePlan} from "./whole-plan.ts"
import {isBlocked, isUnchanged, tellPlan, wholePlan} from "./whole-plan.ts"

type Options = {
	readonly installation: Installation
	readonly placed: readonly Placed[]
	/** Take over what somebody else installed. */
	readonly adopt: boolean
}

/**
 * Brings a cluster to what an installation says: what is new, what has changed, what is wanted no longer. Writes
 * nothing when all is as wanted. It can be killed at any moment, and the same call goes on from there.
 */
export async function installManifests(context: EngineContext, options: Options): Promise<FlowResult> {
	const {http, set, signal} = context
	const api = new ObjectApi(http, signal)
	const wanted = {placed: withHome(options.placed), adopt: options.adopt}
	const plan = await wholePlan(context, api, wanted)
	tellPlan(context, plan)
	if (isBlocked(plan)) return "refused"
	if (isUnchanged(plan) && (await isRecorded(api, recordOf(plan, set, options)))) {
		await applyPlan(plan.objects, {...context, api})
		return "unchanged"
	}
	if (context.dryRun) return "previewed"
	await context.consent(plan)
	await bringHome(api, plan)
	return await locked(context, async (lockedApi, held) => {
		// Another install may have come in between: what counts is how it is now.
		const now = await wholePlan(context, lockedApi, wanted)
		if (isBlocked(now)) {
			tellPlan(context, now)
			return "refused"
		}
		await carryOut(now, {...context, signal: held}, {api: lockedApi, options})
		return "done"
	})
}

type Carrying = {readonly api: ObjectApi; readonly options: Options}

/** The record names every kind before the first of it is there, so that nothing is ever out of its sight. */
async function carryOut(plan: WholePlan, context: EngineContext, {api, options}: Carrying): Promise<void> {
	const record = recordOf(plan, context.set, options)
	const before = contentsIn(await api.get(record))
	await api.apply(parentOf(context.set, joined(before, contentsIn(record)), options.installation), {
		dryRun: false,
	})
	await applyPlan(plan.objects, {...context, api})
	await removeAll(plan.leaving, {...context, api})
	await letGo(plan.kept, api)
	await api.apply(record, {dryRun: false})
}

const homeNamespace: Manifest = {apiVersion: "v1", kind: "Namespace", metadata: {name: home}}
const homeId = identityOf(homeNamespace)

/** The record and the lock need a namespace, which goes with the rest where nobody else has brought it. */
function withHome(placed: readonly Placed[]): readonly Placed[] {
	if (placed.some(({id}) => id === homeId)) return placed
	return [{id: homeId, object: homeNamespace, component: "record", stage: 0}, ...placed]
}

async function bringHome(api: ObjectApi, {objects}: WholePlan): Promise<void> {
	const namespace = objects.find(({id}) => id === homeId)
	if (namespace?.action === "create") await api.apply(namespace.member, {dryRun: false})
}

function recordOf({objects}: WholePlan, set: ApplySet, {installation}: Options): Manifest {
	const ours = objects.filter(({action}) => action !== "read").map(({member}) => member)
	return parentOf(set, contentsOf(ours), installation)
}

async function isRecorded(api: ObjectApi, record: Manifest): Promise<boolean> {
	const parent = await api.get(record)
	return parent !== undefined && changedFields(parent, await api.apply(record, {dryRun: true})).length === 0
}
