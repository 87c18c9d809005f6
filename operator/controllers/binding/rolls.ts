import type {Migration, StepRecord} from "./record.ts"

/** The rolls of a wave that are done. */
export const rollsOf = (migration: Migration, wave: number | undefined): readonly StepRecord[] =>
	(migration.steps ?? []).filter(
		(step) => step.wave === wave && step.action === "Roll" && step.state === "Done",
	)
