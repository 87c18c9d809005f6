import {
	decideAtSidecar,
	decideAtWaypoint,
	decideInAmbient,
	type IstioWorld,
	istioWorld,
	withIdentity,
} from "../../policy/istio/decide.ts"
import type {Decision, Identity, Request} from "../../policy/request.ts"
import {type KubeObject, refOf, type StringMap} from "../../snapshot/object.ts"
import type {Moments} from "../moments.ts"
import type {Translated} from "../types.ts"
import {movedToAmbient} from "./to-ambient.ts"

export type AmbientMove = {
	/** All that decides before the move. */
	readonly objects: readonly KubeObject[]
	readonly made: Translated
	readonly roots: readonly string[]
	readonly waypoint: {readonly name: string; readonly identity: Identity}
	/** Names of the Services of the namespace. */
	readonly services: readonly string[]
}

/** Objects after some were applied and some deleted. */
export const after = (
	objects: readonly KubeObject[],
	applied: readonly KubeObject[],
	deleted: readonly string[] = [],
): readonly KubeObject[] => {
	const gone = new Set([...applied.map(refOf), ...deleted])
	return [...objects.filter((one) => !gone.has(refOf(one))), ...applied]
}

/** The same request to a pod with more labels. */
export const labelled = (request: Request, labels: StringMap): Request => ({
	...request,
	destination: {...request.destination, labels: {...request.destination.labels, ...labels}},
})

/** A caller that has moved goes through the waypoint to a pod that has not, whose sidecar then sees the waypoint. */
export function throughToSidecar(
	world: IstioWorld,
	waypoint: AmbientMove["waypoint"],
	request: Request,
): Decision {
	if (request.source.identity === undefined || request.destination.service === undefined)
		return decideAtSidecar(world, request)
	const first = decideAtWaypoint(world, waypoint, request)
	return first.verdict === "deny" ? first : decideAtSidecar(world, withIdentity(request, waypoint.identity))
}

/** The moments at which policies decide while a namespace goes from sidecars to ambient. */
export function ambientMoments({objects, made, roots, waypoint, services}: AmbientMove): Moments {
	const world = (list: readonly KubeObject[]) => istioWorld(list, roots)
	const start = world(objects)
	const withNew = after(objects, made.before)
	const withoutOld = after(withNew, [], made.replaced)
	const withGuards = after(withoutOld, made.after)
	const atTheEnd = after(withGuards, [], made.retired)
	const added = world(withNew)
	const replaced = world(withoutOld)
	const widened = world(withGuards)
	const retired = world(atTheEnd)
	// On the way back what was retired comes first, the guard of all pods goes, and then the pods do.
	const restored = objects.filter((one) => made.retired.includes(refOf(one)))
	const back = world(after(atTheEnd, restored, made.after.map(refOf)))
	const used = {...waypoint, services: new Set(services)}
	return {
		before: (one) => decideAtSidecar(start, one),
		during: {
			"the first objects": (one) => decideAtSidecar(added, one),
			"a caller that has moved": (one) => throughToSidecar(replaced, waypoint, one),
			"a pod that has moved": (one) => decideInAmbient(replaced, used, labelled(one, movedToAmbient)),
			"a pod that has moved, past the waypoint": (one) =>
				decideInAmbient(replaced, undefined, labelled(one, movedToAmbient)),
			"the guard of every pod": (one) => decideInAmbient(widened, used, one),
			"the way back, for a pod that has not left yet": (one) =>
				decideInAmbient(back, used, labelled(one, movedToAmbient)),
			"the way back, for its sidecar": (one) => decideAtSidecar(back, one),
			"the way back, through the waypoint": (one) => throughToSidecar(back, waypoint, one),
			"a waypoint that compares ports of pods": (one) =>
				decideInAmbient(retired, {...used, comparesPodPorts: true}, one),
		},
		end: (one) => decideInAmbient(retired, used, one),
		promises: ({source, destination}) => source.identity !== undefined && destination.service !== undefined,
	}
}
