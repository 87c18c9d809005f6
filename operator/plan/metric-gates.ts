import type {Dataplane} from "../../profiles/dataplane.ts"
import type {Reason} from "../../profiles/reason.ts"
import type {TrafficView} from "../../profiles/traffic/traffic.ts"
import type {Fit} from "./fit.ts"
import {because} from "./reasons.ts"
import type {Scene} from "./scene.ts"
import type {Step} from "./types.ts"
import {usesWaypoints} from "./waypoint.ts"

/** The step that measures how slow requests are before anything moves. */
export const baselineStep = "measure-baseline"

/** What gates on metrics add to a move: a measurement before it, and what stands in their way. */
export type MetricGates = {readonly steps: readonly Step[]; readonly reasons: readonly Reason[]}

export function metricGates(scene: Scene, fit: Fit, rolls: number): MetricGates {
	const {gates} = scene.spec.migration
	if (rolls === 0) return {steps: [], reasons: []}
	if (gates?.prometheus === undefined)
		return {
			steps: [],
			reasons: [because("NoTrafficMetrics", {message: "Requests are not measured while it moves"})],
		}
	const {dataplane} = fit.installed
	if (dataplane.traffic.length === 0) {
		const message = `spec.migration.gates reads metrics, and Heddle knows none that count requests on ${dataplane.name}`
		return {steps: [], reasons: [because("MetricGateNeverPasses", {message})]}
	}
	if (gates.latencyP99 === undefined) return {steps: [], reasons: []}
	const after = latencySides(dataplane, fit.needsWaypoint || scene.waypoint.state === "ready")
	const before = originsOf(scene).flatMap((origin) => latencySides(origin, scene.waypoint.state === "ready"))
	if (before.some((side) => after.includes(side))) return {steps: [baseline], reasons: []}
	const message = `latencyP99 compares with the time before the move, and nothing measures requests on both ${scene.from.dataplane} and ${dataplane.name}`
	return {steps: [], reasons: [because("LatencyNotComparable", {message})]}
}

const baseline: Step = {
	id: baselineStep,
	action: "Gate",
	note: "measure how slow requests are now, to compare with",
}

/** The sides on which a dataplane measures how long requests take. At ztunnel alone there are no requests. */
function latencySides(dataplane: Dataplane, waypoint: boolean): readonly TrafficView["side"][] {
	const blind = usesWaypoints(dataplane) && !waypoint
	return dataplane.traffic
		.filter(({side, p99Millis}) => p99Millis !== undefined && !(blind && side === "server"))
		.map(({side}) => side)
}

/** Where the pods are now. */
function originsOf({workloads, dataplanes}: Scene): readonly Dataplane[] {
	const names = new Set(
		workloads.flatMap(({pods}) => pods.filter(({is}) => is.counted).map(({is}) => is.dataplane)),
	)
	return dataplanes.filter(({name}) => names.has(name))
}
