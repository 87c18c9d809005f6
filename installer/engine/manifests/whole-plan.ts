import type {FlowDiagnostic, PlannedChange} from "../events.ts"
import type {Placed} from "../ordered.ts"
import type {Live, ObjectApi} from "./api.ts"
import type {ApplySet} from "./apply-set.ts"
import {contentsIn, contentsOf, joined, parentRef} from "./apply-set.ts"
import type {EngineContext} from "./context.ts"
import {membersOf} from "./members.ts"
import {adoption, keptByAnother, split} from "./objections.ts"
import type {PlannedObject} from "./plan.ts"
import {planObjects} from "./plan.ts"
import {nodeOf} from "./tell.ts"

/** All that is to happen, before any of it does. */
export type WholePlan = {
	readonly objects: readonly PlannedObject[]
	/** Of an earlier time, and wanted no longer. */
	readonly leaving: readonly Live[]
	/** CRDs that are wanted no longer, and stay since objects of their kinds do. */
	readonly kept: readonly Live[]
	/** Those of severity `block` end the flow. */
	readonly diagnostics: readonly FlowDiagnostic[]
}

type Wanted = {readonly placed: readonly Placed[]; readonly adopt: boolean}

/** Compares what is wanted with the cluster and with what the set has. Writes nothing. */
export async function wholePlan(
	context: EngineContext,
	api: ObjectApi,
	{placed, adopt}: Wanted,
): Promise<WholePlan> {
	const {set, keepCrds} = context
	const parent = await api.get(parentRef(set))
	const objects = await planObjects(api, set, placed)
	const all = await unwanted(api, {set, parent, placed})
	const {leaving, kept, diagnostics} = await split(api, all, keepCrds)
	const enrolled = leaving.length === 0 ? [] : await context.enrolled(leaving)
	return {
		objects,
		leaving,
		kept,
		diagnostics: [
			...keptByAnother(set, parent),
			...objects.flatMap((one) => adoption(one, adopt)),
			...diagnostics,
			...enrolled,
		],
	}
}

async function unwanted(
	api: ObjectApi,
	{set, parent, placed}: {set: ApplySet; parent: Live | undefined; placed: readonly Placed[]},
): Promise<Live[]> {
	const contents = joined(contentsIn(parent), contentsOf(placed.map(({object}) => object)))
	const members = await membersOf(api, set, contents)
	const ids = new Set(placed.map(({id}) => id))
	return [...members].filter(([id]) => !ids.has(id)).map(([, object]) => object)
}

export const isBlocked = ({diagnostics}: WholePlan) => diagnostics.some(({severity}) => severity === "block")

export const isUnchanged = ({objects, leaving, kept}: WholePlan) =>
	leaving.length + kept.length === 0 && objects.every(({action}) => action === "same" || action === "read")

export function tellPlan({onEvent}: EngineContext, {objects, leaving, diagnostics}: WholePlan): void {
	for (const diagnostic of diagnostics) onEvent(diagnostic)
	onEvent({type: "plan", changes: [...objects.map(changeOf), ...leaving.map(deletion)]})
}

function changeOf({member, component, action, fields, owner}: PlannedObject): PlannedChange {
	return {
		...nodeOf(member, component),
		action,
		...(fields === undefined ? {} : {fields}),
		...(owner === undefined ? {} : {owner: owner.name}),
	}
}

const deletion = (object: Live): PlannedChange => ({...nodeOf(object), action: "delete"})
