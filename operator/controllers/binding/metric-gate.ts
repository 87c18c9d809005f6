import type {Migration, StepRecord} from "./record.ts"
import {advance} from "./record.ts"
import type {Progress, StepContext} from "./steps.ts"
import type {Gates, TrafficVerdict} from "./traffic.ts"
import {judgeBaseline, judgeTraffic, measured} from "./traffic.ts"

/** Metrics come in at the pace of the scrapes: sooner there is nothing new. */
export const lookAgainMs = 15_000

/** The gates of the profile, where it names a Prometheus to read them from. */
export function metricGates({observation}: StepContext): Gates | undefined {
	const gates = observation.profile?.spec.migration?.gates
	return gates?.prometheus === undefined ? undefined : gates
}

/** How it is before anything moves. Without it the latency could never be judged, so nothing moves before. */
export function measureBaseline(step: StepRecord, context: StepContext): Progress {
	const gates = metricGates(context)
	const {observation, migration, now} = context
	// The gate was taken out of the profile meanwhile: nothing will be compared.
	if (gates?.latencyP99 === undefined)
		return {step: advance(step, "Skipped", now, "no gate compares with it"), actions: []}
	if (observation.traffic === undefined) return unread(step, now)
	const {verdict, message} = judgeBaseline(gates, observation.traffic)
	if (verdict === "hold") return held(step, now, message)
	const baseline = measured(observation.traffic, now)
	return {
		step: advance(step, "Done", now, message),
		actions: [],
		...(baseline === undefined ? {} : {traffic: {...migration.traffic, baseline}}),
	}
}

/**
 * The requests since the wave moved, once its pods are proven. Undefined where the profile asks for no metrics.
 */
export function judgeMetrics(
	context: StepContext,
): (TrafficVerdict & {readonly traffic: Migration["traffic"]}) | "unread" | undefined {
	const gates = metricGates(context)
	if (gates === undefined) return undefined
	const {observation, migration, now} = context
	if (observation.traffic === undefined) return "unread"
	const latest = measured(observation.traffic, now)
	return {
		...judgeTraffic(gates, observation.traffic, migration.traffic?.baseline),
		traffic: latest === undefined ? migration.traffic : {...migration.traffic, latest},
	}
}

/** The step has only just become due: the next look comes with a reading. */
export const unread = (step: StepRecord, now: number): Progress => ({
	step: advance(step, "Running", now, "the metrics are being read"),
	actions: [],
	wakeAtMs: now,
})

/** Nobody can tell: the migration waits where it is, for as long as it takes, and says what for. */
export const held = (step: StepRecord, now: number, why: string): Progress => ({
	step: advance(step, "Running", now, `metrics: ${why}`),
	actions: [],
	held: true,
	wakeAtMs: now + lookAgainMs,
})
