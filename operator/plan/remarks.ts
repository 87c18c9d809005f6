import type {Reason} from "../../profiles/reason.ts"
import {refOf} from "../../profiles/snapshot/object.ts"
import type {Fit} from "./fit.ts"
import type {Movement} from "./movement.ts"
import {permissiveWindow} from "./order/window.ts"
import {because} from "./reasons.ts"
import type {Scene} from "./scene.ts"
import type {Cost} from "./types.ts"

const words = new Set(["none", "pending", "conflict", "unsupported"])

/** Pods of a dataplane that Heddle cannot leave would be captured a second time. */
export function originRemarks({workloads, dataplanes}: Scene): readonly Reason[] {
	const known = new Set(dataplanes.map(({name}) => name))
	const strange = workloads
		.flatMap(({pods}) => pods)
		.filter(({is}) => is.counted && !known.has(is.dataplane) && !words.has(is.dataplane))
	return strange.map(({pod, is}) =>
		because("OriginNotSupported", {object: refOf(pod), message: is.detail.replace(/\.$/, "")}),
	)
}

/** What is worth knowing of a move that is about to be made. */
export function moveRemarks(
	scene: Scene,
	fit: Fit,
	{placed, order, metrics, steps}: Movement,
): readonly Reason[] {
	return [
		...metrics.reasons,
		...order.reasons,
		...permissiveWindow(scene, fit, {placed, steps}),
		...costsMore(scene.price({installed: fit.installed, needsWaypoint: fit.needsWaypoint})),
	]
}

function costsMore({requests}: Cost): readonly Reason[] {
	const cpu = requests.cpuMillis
	const memory = requests.memoryMiB
	if (cpu.to.likely <= cpu.from.likely && memory.to.likely <= memory.from.likely) return []
	const message = `Requests go from ${cpu.from.likely} to ${cpu.to.likely} mCPU and from ${memory.from.likely} to ${memory.to.likely} MiB`
	return [because("CostsMore", {message})]
}

/** What was accepted and cannot be, or means nothing. `known` holds every code that Heddle gives. */
export function acceptanceRemarks(
	reasons: readonly Reason[],
	accepted: ReadonlySet<string>,
	known: (code: string) => boolean,
): readonly Reason[] {
	const refusing = new Set(reasons.filter(({severity}) => severity === "block").map(({code}) => code))
	return [...accepted].sort().flatMap((code) => {
		if (refusing.has(code))
			return [because("BlockNotAcceptable", {message: `${code} refuses and is never lifted`})]
		return known(code)
			? []
			: [because("UnknownAcceptCode", {message: `${code} is no code that Heddle gives`})]
	})
}
