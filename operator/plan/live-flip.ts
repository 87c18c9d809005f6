import {capabilityOf} from "../../profiles/capability.ts"
import type {Feature} from "../../profiles/features.ts"
import {isUnmeshed} from "../../profiles/interop.ts"
import type {Reason} from "../../profiles/reason.ts"
import {isEmpty, optsOut} from "./enrolment.ts"
import type {Installed} from "./facts.ts"
import {because} from "./reasons.ts"
import type {SeenPod} from "./workloads/collect.ts"
import type {Decision, Goal} from "./workloads/decide.ts"

/**
 * Some dataplanes follow a namespace's label at once, also for running pods. Those that no step recreates would lose
 * their established connections when the default is written.
 */
export function liveFlips(decisions: readonly Decision[], {target, facts}: Goal): readonly Reason[] {
	const staying = decisions.filter(
		({action}) => action === "Manual" || action === "Skip" || action === "Template",
	)
	const captured = (seen: SeenPod) =>
		isUnmeshed(seen.is.dataplane) &&
		follows(target, "LiveEnrolment") &&
		!optsOut(seen.pod.metadata, target.dataplane)
	const released = ({pod, is}: SeenPod) => {
		const left = facts.installed.find(({dataplane}) => dataplane.name === is.dataplane)
		if (left === undefined || left.dataplane === target.dataplane || !follows(left, "LiveLeaving"))
			return false
		const {labels} = left.dataplane.enrol(left.installation).template
		return !Object.entries(labels).some(
			([key, value]) => value !== null && pod.metadata.labels?.[key] === value,
		)
	}
	return staying.flatMap(({workload}) => {
		const flipped = workload.pods.filter((seen) => seen.is.counted && (captured(seen) || released(seen)))
		if (flipped.length === 0) return []
		const message = `${flipped.length} running pods would change hands when the namespace's label changes`
		return [because("LiveFlip", {object: workload.ref, message})]
	})
}

/** Where no label enrols, as on a container network, none flips a pod either. */
const follows = ({dataplane, installation}: Installed, feature: Feature): boolean =>
	!isEmpty(dataplane.enrol(installation).namespace) &&
	capabilityOf(dataplane, feature, installation.version).support !== "no"
