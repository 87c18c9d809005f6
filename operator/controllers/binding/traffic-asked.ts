import type {MeshProfile} from "../../../crds/generated.ts"
import type {Dataplane} from "../../../profiles/dataplane.ts"
import type {TrafficView} from "../../../profiles/traffic/traffic.ts"
import {baselineStep} from "../../plan/metric-gates.ts"
import {isFinished, type Migration, type StepRecord} from "./record.ts"
import {rollsOf} from "./rolls.ts"

/** What to read from which Prometheus before the step that is due can be judged. */
export type TrafficAsked = {
	readonly address: string
	readonly views: readonly TrafficView[]
	/** The window, in seconds. */
	readonly seconds: number
}

/** The time before the move is judged by its last minutes. */
const baselineSeconds = 300
/** Counters need two samples to tell of an increase. */
const shortestSeconds = 15
/** What happened longer ago in a soak was judged when it happened. */
const longestSeconds = 300

type Given = {
	readonly migration: Migration | undefined
	readonly profile: MeshProfile | undefined
	readonly dataplanes: readonly Dataplane[]
	/** Milliseconds since 1970. */
	readonly now: number
}

/** Undefined when the step that is due needs no metrics, or the profile names no Prometheus. */
export function trafficAsked({migration, profile, dataplanes, now}: Given): TrafficAsked | undefined {
	const address = profile?.spec.migration?.gates?.prometheus?.address
	const step = due(migration)
	if (address === undefined || migration === undefined || step === undefined) return undefined
	const views = viewsOf(migration, dataplanes)
	if (step.id === baselineStep) return {address, views, seconds: baselineSeconds}
	const since = Date.parse(lastRolled(migration, step) ?? migration.startedAt ?? "")
	const elapsed = Number.isNaN(since) ? longestSeconds : Math.round((now - since) / 1_000)
	return {address, views, seconds: Math.min(Math.max(elapsed, shortestSeconds), longestSeconds)}
}

/** The gate or soak that is to be judged now. */
function due(migration: Migration | undefined): StepRecord | undefined {
	if (migration?.state !== "Running" && migration?.state !== "Holding") return undefined
	const step = migration.steps?.find((one) => !isFinished(one))
	const judged = (step?.action === "Soak" || step?.action === "Gate") && step.object === undefined
	return judged ? step : undefined
}

/** From then on every pod of the wave is a new one. */
const lastRolled = (migration: Migration, {wave}: StepRecord): string | undefined =>
	rollsOf(migration, wave)
		.map(({finishedAt}) => finishedAt ?? "")
		.sort()
		.at(-1)

/** Where the namespace was, and where it goes: in between some requests are counted here and some there. */
function viewsOf({from, to}: Migration, dataplanes: readonly Dataplane[]): readonly TrafficView[] {
	const known = dataplanes.some(({name}) => name === from)
	const both = known ? dataplanes.filter(({name}) => name === from || name === to) : dataplanes
	return [...new Set(both.flatMap(({traffic}) => traffic))]
}
