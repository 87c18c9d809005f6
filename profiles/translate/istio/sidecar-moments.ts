import {decideAtSidecar, decideInAmbient, istioWorld} from "../../policy/istio/decide.ts"
import type {Callee, Decision, Request} from "../../policy/request.ts"
import {refOf} from "../../snapshot/object.ts"
import type {Moments} from "../moments.ts"
import {type AmbientMove, after, labelled, throughToSidecar} from "./ambient-moments.ts"
import {movedToAmbient} from "./to-ambient.ts"
import {movedToSidecar} from "./to-sidecar.ts"

/**
 * The moments at which policies decide while a namespace goes from ambient to sidecars. What a guard refused only
 * because it came past the waypoint is compared with what the waypoint decides of the same caller: with a sidecar in
 * each pod there is nothing left to come past.
 */
export function sidecarMoments({
	callees,
	...move
}: AmbientMove & {readonly callees: readonly Callee[]}): Moments {
	const {objects, made, roots, waypoint, services} = move
	const world = (list: AmbientMove["objects"]) => istioWorld(list, roots)
	const start = world(objects)
	const withNew = after(objects, made.before)
	const withoutOld = after(withNew, [], made.replaced)
	const withLast = after(withoutOld, made.after)
	const atTheEnd = after(withLast, [], made.retired)
	const added = world(withNew)
	const replaced = world(withoutOld)
	const last = world(withLast)
	const retired = world(atTheEnd)
	const back = world(
		after(
			atTheEnd,
			objects.filter((one) => made.retired.includes(refOf(one))),
			made.after.map(refOf),
		),
	)
	const used = {...waypoint, services: new Set(services)}
	const stays = (one: Request) => labelled(one, movedToAmbient)
	const moved = (one: Request) => labelled(one, movedToSidecar)
	const meant = (one: Request): Decision => {
		const straight = decideInAmbient(start, used, stays(one))
		const service = one.destination.service ?? serviceOf(one, callees)
		if (straight.verdict === "allow" || one.source.identity === undefined || service === undefined)
			return straight
		return decideInAmbient(start, used, stays({...one, destination: {...one.destination, service}}))
	}
	return {
		before: meant,
		during: {
			"the first objects": (one) => decideInAmbient(added, used, stays(one)),
			"a pod that has not moved": (one) => decideInAmbient(replaced, used, stays(one)),
			"a pod that has moved, through the waypoint": (one) => throughToSidecar(replaced, waypoint, moved(one)),
			"a pod that has moved": (one) => decideAtSidecar(replaced, moved(one)),
			"the copies for every pod": (one) => decideAtSidecar(last, moved(one)),
			"the way back, for a sidecar": (one) => decideAtSidecar(back, moved(one)),
			"the way back, for a pod that has left": (one) => decideInAmbient(back, used, stays(one)),
		},
		end: (one) => decideAtSidecar(retired, moved(one)),
		promises: ({source, destination}) => source.identity !== undefined && destination.service !== undefined,
	}
}

/** A Service that leads to the pod and the port of a call that goes there by itself. */
const serviceOf = ({destination}: Request, callees: readonly Callee[]) =>
	callees.find(
		({port, labels, service}) =>
			service !== undefined &&
			port === destination.port &&
			Object.entries(labels).every(([key, value]) => destination.labels[key] === value),
	)?.service
