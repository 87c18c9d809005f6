import type {Reason} from "../../../profiles/reason.ts"
import type {Disruption} from "../types.ts"
import type {Workload} from "./collect.ts"
import type {Decision} from "./decide.ts"
import {risksOf} from "./risks.ts"
import {share} from "./surge.ts"
import type {Surroundings} from "./surroundings.ts"

/** With one of these there is a moment without any pod. */
const stopping: ReadonlySet<string> = new Set(["SingleReplica", "RecreateStrategy"])

/** With one of these fewer pods, or pods that cannot answer yet, take the requests for a while. */
const thinning: ReadonlySet<string> = new Set([
	"HostPort",
	"VolumeMayNotSurge",
	"NoReadinessProbe",
	"DisruptionBudgetExhausted",
	"AutoscalerAtMaximum",
	"QuotaWithoutSurgeRoom",
	"RolloutUnderWay",
	"NoPreStop",
	"ShortTerminationGrace",
])

/** What the roll of a workload does to who calls it, before anything moves; undefined where nothing is rolled. */
export function disruptionOf(decision: Decision, around: Surroundings): Disruption | undefined {
	const {workload, action} = decision
	if (action !== "Roll") return undefined
	const risks = risksOf(decision, around).filter(({code}) => stopping.has(code) || thinning.has(code))
	const budget = around.budget(workload)
	return {
		gap: gapOf(risks),
		replicas: workload.replicas,
		replacement: replacementOf(workload),
		...(budget === undefined ? {} : {budget}),
		risks: risks.map(({code}) => code),
	}
}

function gapOf(risks: readonly Reason[]): Disruption["gap"] {
	if (risks.some(({code}) => stopping.has(code))) return "certain"
	return risks.length > 0 ? "possible" : "none"
}

function replacementOf(workload: Workload): string {
	switch (workload.kind) {
		case "Deployment": {
			const {strategy} = workload.object.spec ?? {}
			if (strategy?.type === "Recreate") return "all at once (Recreate)"
			const {maxSurge, maxUnavailable} = strategy?.rollingUpdate ?? {}
			return surging({maxSurge, maxUnavailable, of: workload.replicas, otherwise: "25%"})
		}
		case "DaemonSet": {
			const {maxSurge = 0, maxUnavailable} = workload.object.spec?.updateStrategy?.rollingUpdate ?? {}
			return surging({maxSurge, maxUnavailable, of: workload.replicas, otherwise: "1"})
		}
		case "StatefulSet":
			return "one by one, the last first"
		default:
			return "by its own controller"
	}
}

type Surging = {
	readonly maxSurge: number | string | undefined
	readonly maxUnavailable: number | string | undefined
	readonly of: number
	readonly otherwise: string
}

/** As the controllers round: what may be missing down, what may be too many up. */
function surging({maxSurge, maxUnavailable, of, otherwise}: Surging): string {
	const more = share(maxSurge, {of, up: true, otherwise})
	// Where neither is allowed the controllers let one be missing, or nothing would ever move.
	const fewer = Math.max(share(maxUnavailable, {of, up: false, otherwise}), more === 0 ? 1 : 0)
	return `${more} more at a time, ${fewer} fewer`
}
