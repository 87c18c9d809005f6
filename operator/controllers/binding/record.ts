import type {MeshBinding} from "../../../crds/generated.ts"
import type {NamespacePlan, Step} from "../../plan/types.ts"
import {isoTime} from "../iso-time.ts"

export type BindingStatus = NonNullable<MeshBinding["status"]>
export type Migration = NonNullable<BindingStatus["migration"]>
export type StepRecord = NonNullable<Migration["steps"]>[number]

export const isFinished = (step: StepRecord): boolean =>
	step.state === "Done" || step.state === "Skipped" || step.state === "Undone"

export const isActive = (migration: Migration | undefined): migration is Migration =>
	migration?.state === "Running" || migration?.state === "Holding" || migration?.state === "RollingBack"

/** Migrations of a namespace are numbered, so that the same crash leads to the same name. */
export function nextId(migration: Migration | undefined): string {
	const number = migration === undefined ? 0 : Number(migration.id.slice(1))
	return `m${number + 1}`
}

const recordOf = (step: Step): StepRecord => ({
	id: step.id,
	action: step.action,
	...(step.object === undefined ? {} : {object: step.object}),
	...(step.wave === undefined ? {} : {wave: step.wave}),
	state: "Pending",
})

export type Beginning = {
	readonly plan: NamespacePlan
	readonly previous: Migration | undefined
	readonly profileGeneration: number
	readonly bindingGeneration: number
	readonly now: number
}

/** The record of a migration that is about to start. */
export function begin({plan, previous, profileGeneration, bindingGeneration, now}: Beginning): Migration {
	return {
		id: nextId(previous),
		state: "Running",
		profileGeneration,
		bindingGeneration,
		from: plan.from.dataplane,
		...target(plan),
		startedAt: isoTime(now),
		steps: firstStage(plan.steps).map(recordOf),
	}
}

/** A later stage begins as the next migration, when this one has succeeded. */
function firstStage(steps: readonly Step[]): readonly Step[] {
	const stages = steps.map(({stage = 0}) => stage)
	const first = Math.min(...stages)
	return steps.filter((_, index) => stages[index] === first)
}

/**
 * The profile was edited while its migration runs: the goal changes, the name stays. Pre-images carry the name and
 * are never overwritten, so that going back still leads to where everything began.
 */
export function retarget(
	migration: Migration,
	{plan, profileGeneration, bindingGeneration}: Beginning,
): Migration {
	const {revision: _, message: __, finishedAt: ___, ...kept} = migration
	return {
		...kept,
		state: "Running",
		profileGeneration,
		bindingGeneration,
		...target(plan),
		steps: firstStage(plan.steps).map(recordOf),
	}
}

const target = ({to}: NamespacePlan) => ({
	...(to === null ? {} : {to: to.dataplane}),
	...(to?.revision === undefined ? {} : {revision: to.revision}),
})

/**
 * Joins what is recorded with what the plan wants now. The record keeps its order and its finished steps; work that
 * appeared under way (a new workload) becomes a wave of its own, before the step that ends the migration.
 */
export function join(recorded: readonly StepRecord[], planned: readonly Step[]): readonly StepRecord[] {
	const fresh = newcomers(recorded, planned)
	if (fresh.length === 0) return recorded
	const wave = Math.max(0, ...recorded.map((step) => step.wave ?? 0)) + 1
	const added: StepRecord[] = [
		...fresh.map((step) => ({...recordOf(step), wave})),
		{id: `gate-${wave}`, action: "Gate", wave, state: "Pending"},
	]
	const moves = recorded.findLastIndex(
		(step) => step.action === "Roll" || step.action === "Template" || step.wave !== undefined,
	)
	const end = moves < 0 ? recorded.findIndex((step) => step.id === "namespace-default") : moves + 1
	return end < 0 ? [...recorded, ...added] : [...recorded.slice(0, end), ...added, ...recorded.slice(end)]
}

/** Steps of workloads that the record does not know yet. */
export function newcomers(recorded: readonly StepRecord[], planned: readonly Step[]): readonly Step[] {
	const known = new Set(recorded.map((step) => step.id))
	return planned.filter(
		(step) => !known.has(step.id) && (step.action === "Roll" || step.action === "Template"),
	)
}

/** A step moves on: its state, when it did so, and what it says. */
export function advance(
	step: StepRecord,
	state: StepRecord["state"],
	now: number,
	message?: string,
): StepRecord {
	const {message: _, ...kept} = step
	return {
		...kept,
		state,
		...(state === "Running" && step.startedAt === undefined ? {startedAt: isoTime(now)} : {}),
		...(state !== "Running" && state !== "Pending" && step.finishedAt === undefined
			? {finishedAt: isoTime(now)}
			: {}),
		...(message === undefined ? {} : {message: message.slice(0, 1024)}),
	}
}

export type Ending = {
	readonly state: "Succeeded" | "RolledBack" | "Failed"
	readonly message: string
	readonly now: number
}

/** Ends a migration and puts it on top of the bounded history. */
export function end(
	status: BindingStatus,
	migration: Migration,
	{state, message, now}: Ending,
): BindingStatus {
	const ended: Migration = {...migration, state, message, finishedAt: isoTime(now)}
	const {id, from, to, startedAt, finishedAt} = ended
	const entry = {
		id,
		state,
		message,
		...(from === undefined ? {} : {from}),
		...(to === undefined ? {} : {to}),
		...(startedAt === undefined ? {} : {startedAt}),
		...(finishedAt === undefined ? {} : {finishedAt}),
	}
	return {...status, migration: ended, history: [entry, ...(status.history ?? [])].slice(0, 10)}
}
