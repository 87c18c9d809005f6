import {isUnmeshed} from "../../profiles/interop.ts"
import type {Reason} from "../../profiles/reason.ts"
import {perPodRequests} from "./cost.ts"
import {noKeys} from "./enrolment.ts"
import {extensionSteps, extensionsOn} from "./extensions.ts"
import type {Fit} from "./fit.ts"
import {liveFlips} from "./live-flip.ts"
import {type MetricGates, metricGates} from "./metric-gates.ts"
import {mutualTLS} from "./mtls.ts"
import {namespaceDefault, namespaceSteps} from "./namespace-default.ts"
import {type Order, orderOf} from "./order/order.ts"
import {probeGates} from "./probes/probes-in.ts"
import {runtimeKeys} from "./runtimes.ts"
import type {Scene} from "./scene.ts"
import {stepsOf} from "./steps.ts"
import {translationsOn} from "./translations.ts"
import type {Step} from "./types.ts"
import {usesWaypoints, useWaypoint, waypointSteps} from "./waypoint.ts"
import {decide, type Goal} from "./workloads/decide.ts"
import {disruptionOf} from "./workloads/disruption.ts"
import {risksOf} from "./workloads/risks.ts"
import {surroundingsOf} from "./workloads/surroundings.ts"
import {inWaves, type Placed} from "./workloads/waves.ts"

/** How a namespace gets to the target that was chosen. */
export type Movement = {
	readonly placed: readonly Placed[]
	readonly order: Order
	readonly steps: readonly Step[]
	readonly reasons: readonly Reason[]
	readonly metrics: MetricGates
}

export function movementTo(scene: Scene, fit: Fit): Movement {
	const {snapshot, name, namespace, facts, dataplanes, spec} = scene
	const target = fit.installed
	const translations = translationsOn(scene, target)
	const goal: Goal = {
		target,
		namespace: namespace.metadata,
		facts,
		dataplanes,
		beside: both(runtimeKeys(scene), translations.keys),
	}
	const decisions = scene.workloads.map((workload) => decide(workload, goal))
	const order = orderOf({
		scene,
		decisions,
		to: target.dataplane.name,
		byWaypoint: fit.needsWaypoint || leavesWaypoint(scene),
		losesIdentity: isUnmeshed(target.dataplane.name) && translations.carried.size > 0,
	})
	const size = spec.migration.waves.maxConcurrentWorkloads
	const around = surroundingsOf(snapshot, name, perPodRequests(target.dataplane, target.installation.version))
	const placed = inWaves(decisions, {size, rank: order.rank}).map((one) => ({
		...one,
		disruption: disruptionOf(one.decision, around),
	}))
	const moving = scene.workloads
		.flatMap(({pods}) => pods)
		.filter(({is}) => is.counted && isUnmeshed(is.dataplane)).length
	const mtls = mutualTLS({snapshot, namespace: name, wanted: spec.mtls, target, facts, moving})
	const byDefault = namespaceSteps(name, namespaceDefault(goal))
	const waypoint = fit.needsWaypoint
		? waypointSteps({
				waypoint: scene.waypoint,
				namespace: name,
				labels: namespace.metadata.labels,
				installation: target.installation,
			})
		: []
	const extensions = extensionSteps(extensionsOn(scene, target), spec.migration.waves.soak)
	const rolls = decisions.filter(({action}) => action === "Roll").length
	const metrics = metricGates(scene, fit, rolls)
	const {profile} = scene
	const probes = probeGates(
		{snapshot, namespace: name, profile, dataplanes},
		{from: scene.from.dataplane, rolls},
	)
	const isUse = ({id}: Step) => id === useWaypoint
	return {
		placed,
		order,
		metrics,
		steps: stepsOf({
			placed,
			spec,
			// A waypoint that callers go through before it has its policies and modules would let them pass without.
			before: [
				...metrics.steps,
				...probes.before,
				...mtls.first,
				...waypoint.filter((step) => !isUse(step)),
				...extensions.first,
				...translations.first,
				...waypoint.filter(isUse),
				...byDefault.first,
			],
			after: [
				...translations.last,
				...byDefault.last,
				...mtls.last,
				...extensions.last,
				...translations.end,
				...extensions.tried,
			],
			probed: probes.after,
		}),
		reasons: [
			...mtls.reasons,
			...probes.reasons,
			...decisions.flatMap((decision) => risksOf(decision, around)),
			...(byDefault.last.length > 0 ? liveFlips(decisions, goal) : []),
		],
	}
}

type ByWorkload = NonNullable<Goal["beside"]>

const both =
	(first: ByWorkload, second: ByWorkload | undefined): ByWorkload =>
	(workload) => {
		const [a, b] = [first(workload), second?.(workload) ?? noKeys]
		return {labels: {...a.labels, ...b.labels}, annotations: {...a.annotations, ...b.annotations}}
	}

/** Its rules about requests are checked in a waypoint now. */
function leavesWaypoint({dataplanes, from, waypoint}: Scene): boolean {
	const origin = dataplanes.find(({name}) => name === from.dataplane)
	return origin !== undefined && usesWaypoints(origin) && waypoint.state !== "absent"
}
