import type {State} from "./state.ts"

/** Something is under way here, or waits for an answer. */
export const isUnderWay = ({job}: Pick<State, "job">): boolean =>
	job?.state === "running" || job?.state === "asking" || job?.state === "stopping"

/** The job was refused because somebody else installed what it is about. */
export const isTakeover = ({job}: Pick<State, "job">): boolean =>
	job?.state === "failed" && job.flow.diagnostics.some(({code}) => code === "OwnedByAnother")
