import {plural} from "../../../profiles/names.ts"
import type {NamespacePlan} from "../../plan/types.ts"
import type {Action, Transition} from "./actions.ts"
import {detour, openReasons} from "./course.ts"
import type {Observation} from "./observation.ts"
import type {BindingStatus, Migration, StepRecord} from "./record.ts"
import {advance, end, isFinished, join, newcomers} from "./record.ts"
import type {Progress, StepContext} from "./steps.ts"
import {contested, progress} from "./steps.ts"

/** How a pass changed a migration. */
export type Pass = {
	readonly status: BindingStatus
	readonly actions: readonly Action[]
	readonly transitions: readonly Transition[]
	readonly wakeAtMs?: number | undefined
	/** The status has to be stored before the actions: they touch what must be found again after a crash. */
	readonly recordFirst: boolean
}

/** Steps that go on together: the workloads of one wave, else a single step. */
function currentGroup(steps: readonly StepRecord[]): readonly StepRecord[] {
	const first = steps.find((step) => !isFinished(step))
	if (first === undefined) return []
	if (first.action !== "Roll" && first.action !== "Template") return [first]
	return steps.filter(
		(step) =>
			!isFinished(step) && step.wave === first.wave && (step.action === "Roll" || step.action === "Template"),
	)
}

/** Why nothing new may begin now; undefined when it may. */
export function impediment(observation: Observation, migration?: Migration): string | undefined {
	const {profile, binding, plan} = observation
	if (profile?.spec.paused) return "the MeshProfile is paused"
	if (binding?.spec?.hold) return "spec.hold of this MeshBinding is true"
	const block = plan?.reasons.find(({severity}) => severity === "block")
	if (block !== undefined) return `${block.code}: ${block.message}`
	if (plan?.verdict === "Blocked") return "no dataplane fits"
	return detour(observation, migration) ?? newcomer(plan, migration)
}

/** A workload that came under way brings risks of its own, which nobody has accepted yet. */
function newcomer(plan: NamespacePlan | undefined, migration: Migration | undefined): string | undefined {
	if (plan === undefined || migration === undefined) return undefined
	const fresh = new Set(newcomers(migration.steps ?? [], plan.steps).map(({object}) => object))
	const open = openReasons(plan).find(({object}) => object !== undefined && fresh.has(object))
	return open && `${open.object}: ${open.code}: ${open.message}`
}

/** Moves a running migration on: the current group of steps, as far as the cluster has come. */
export function forward(
	observation: Observation,
	status: BindingStatus,
	migration: Migration,
	now: number,
): Pass {
	const stop = impediment(observation, migration)
	const recorded = migration.steps ?? []
	const steps = stop === undefined ? join(recorded, observation.plan?.steps ?? []) : recorded
	const group = currentGroup(steps)
	if (group.length === 0 && stop === undefined) return succeed(status, {...migration, steps}, now)
	const context: StepContext = {
		observation,
		migration: {...migration, steps},
		now,
		mayStart: stop === undefined,
	}
	const moved = group.map((step) => progress(step, context))
	const byId = new Map(moved.map(({step}) => [step.id, step]))
	const next: Migration = {
		...withoutMessage(migration),
		steps: steps.map((step) => byId.get(step.id) ?? step),
		...waveOf(group),
		...measuredBy(moved),
	}
	const failed = moved.find(({step}) => step.state === "Failed")
	if (failed !== undefined) return fail(observation, status, next, failed.step)
	const idle = stop !== undefined && moved.every(({step}) => step.state === "Pending")
	const unsure = moved.find(({held}) => held)?.step
	const message = idle
		? stop
		: (unsure ?? moved.find(({step}) => step.message !== undefined && step.state === "Running")?.step)
	const holds = idle || unsure !== undefined
	return {
		status: {...status, migration: {...next, state: holds ? "Holding" : "Running", ...messageOf(message)}},
		actions: moved.flatMap(({actions}) => actions),
		transitions: status.migration?.state === "Holding" || unsure === undefined ? [] : [holding(unsure)],
		wakeAtMs: earliest(moved.map(({wakeAtMs}) => wakeAtMs)),
		// A label that is all there is to do is found again by its pre-image, and needs no record of its own.
		recordFirst: moved.some(({actions}) =>
			actions.some(({type}) => type !== "namespaceKeys" || steps.length > 1),
		),
	}
}

const holding = ({id, message}: StepRecord): Transition => ({
	type: "Warning",
	reason: "Holding",
	action: "Migrate",
	note: `step ${id} holds: ${message}`,
})

const measuredBy = (moved: readonly Progress[]) => {
	const traffic = moved.find((one) => one.traffic !== undefined)?.traffic
	return traffic === undefined ? {} : {traffic}
}

const withoutMessage = ({message: _, ...migration}: Migration): Migration => migration
const waveOf = ([first]: readonly StepRecord[]) => (first?.wave === undefined ? {} : {wave: first.wave})
const messageOf = (source: StepRecord | string | undefined) => {
	if (source === undefined) return {}
	return {message: typeof source === "string" ? source : `${source.object ?? source.id}: ${source.message}`}
}
const earliest = (times: readonly (number | undefined)[]): number | undefined => {
	const known = times.filter((time) => time !== undefined)
	return known.length === 0 ? undefined : Math.min(...known)
}

function succeed(status: BindingStatus, migration: Migration, now: number): Pass {
	const rolled = (migration.steps ?? []).filter(
		({action, state}) => action === "Roll" && state === "Done",
	).length
	const extended = (migration.steps ?? []).filter(({id}) => id.startsWith("extended-")).length
	const message =
		rolled > 0
			? `${plural(rolled, "workload")} moved to ${migration.to}`
			: extended > 0
				? `${plural(extended, "extension")} tried on a copy, then given to all`
				: `new pods start on ${migration.to}`
	// Nothing moved in a namespace without workloads: nobody needs an Event for a label.
	const transitions: Transition[] =
		rolled === 0 ? [] : [{type: "Normal", reason: "Migrated", action: "Migrate", note: message}]
	return {
		status: end(status, migration, {state: "Succeeded", message, now}),
		actions: [],
		transitions,
		recordFirst: false,
	}
}

/** A failed step goes back on its own where the profile says so; a contested template never does, since that would fight too. */
function fail({profile}: Observation, status: BindingStatus, migration: Migration, step: StepRecord): Pass {
	const message = `step ${step.id} failed: ${step.message ?? "no reason recorded"}`
	const back = profile?.spec.migration?.onFailure !== "Hold" && step.message?.endsWith(contested) !== true
	const transitions: Transition[] = [
		{type: "Warning", reason: back ? "RollingBack" : "Holding", action: "Migrate", note: message},
	]
	return {
		status: {...status, migration: {...migration, state: back ? "RollingBack" : "Holding", message}},
		actions: [],
		transitions,
		recordFirst: true,
	}
}

/** A person decided anew: what had failed is tried again. */
export function resume(migration: Migration, observation: Observation, now: number): Migration {
	const retried = (migration.steps ?? []).map((step) => {
		if (step.state !== "Failed") return step
		const {startedAt: _, finishedAt: __, ...fresh} = advance(step, "Pending", now)
		return fresh
	})
	return {
		...withoutMessage(migration),
		state: "Running",
		steps: retried,
		profileGeneration: observation.profile?.metadata.generation ?? 0,
		bindingGeneration: observation.binding?.metadata.generation ?? 0,
	}
}
