import type {Manifest} from "../../infra/manifest.ts"
import type {FlowResult} from "../events.ts"
import {ObjectApi} from "./api.ts"
import {home, isMember, leaseName, parentRef} from "./apply-set.ts"
import type {EngineContext} from "./context.ts"
import {locked} from "./context.ts"
import {leftovers} from "./leftovers.ts"
import {inhabitantsOf} from "./members.ts"
import {leftBehind} from "./objections.ts"
import {letGo, removeAll} from "./remove.ts"
import {isBlocked, tellPlan, type WholePlan, wholePlan} from "./whole-plan.ts"

/**
 * Removes everything of a release, the way back of how it came, and looks afterwards whether anything is left. Refuses
 * while pods depend on it. It can be killed at any moment, and the same call goes on from there.
 */
export async function uninstallManifests(context: EngineContext): Promise<FlowResult> {
	const {http, signal} = context
	const api = new ObjectApi(http, signal)
	const plan = await wholePlan(context, api, nothing)
	tellPlan(context, plan)
	if (isBlocked(plan)) return "refused"
	if (plan.leaving.length + plan.kept.length === 0 && (await api.get(parentRef(context.set))) === undefined)
		return "unchanged"
	if (context.dryRun) return "previewed"
	await context.consent(plan)
	const result = await locked(context, async (lockedApi, held) => {
		const now = await wholePlan(context, lockedApi, nothing)
		if (isBlocked(now)) {
			tellPlan(context, now)
			return "refused"
		}
		await takeAway(now, {...context, signal: held}, lockedApi)
		return "done"
	})
	if (result === "done") await leaveHome(context, api)
	return result
}

const nothing = {placed: [], adopt: false}

const isHome = ({kind, metadata}: Manifest) => kind === "Namespace" && metadata.name === home

/** The record goes when everything that it names has gone, and its namespace after that. */
async function takeAway(plan: WholePlan, context: EngineContext, api: ObjectApi): Promise<void> {
	const work = {...context, api}
	await removeAll(
		plan.leaving.filter((object) => !isHome(object)),
		work,
	)
	await letGo(plan.kept, api)
	await removeAll(await leftovers(api, plan.leaving), work)
	await proveEmpty(plan, context, api)
	const parent = await api.get(parentRef(context.set))
	if (parent !== undefined) await api.delete(parent)
}

async function proveEmpty(plan: WholePlan, context: EngineContext, api: ObjectApi): Promise<void> {
	const left = await wholePlan({...context, enrolled: async () => []}, api, nothing)
	const rest = [...left.leaving, ...left.kept].filter((object) => !isHome(object))
	const also = await leftovers(api, plan.leaving)
	for (const object of [...rest, ...also]) context.onEvent(leftBehind(object))
}

/** The lock lies in the namespace, so it is given up before. */
async function leaveHome(context: EngineContext, api: ObjectApi): Promise<void> {
	const {set} = context
	const lease = await api.get({
		apiVersion: "coordination.k8s.io/v1",
		kind: "Lease",
		metadata: {name: leaseName(set), namespace: home},
	})
	if (lease !== undefined) await api.delete(lease)
	const namespace = await api.get({apiVersion: "v1", kind: "Namespace", metadata: {name: home}})
	if (namespace === undefined || !isMember(namespace, set)) return
	const inhabited = await inhabitantsOf(api, [namespace])
	await (inhabited.length > 0 ? letGo([namespace], api) : removeAll([namespace], {...context, api}))
}
