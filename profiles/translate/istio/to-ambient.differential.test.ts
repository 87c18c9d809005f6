import {describe, expect, test} from "vitest"
import {
	decideAtSidecar,
	decideAtWaypoint,
	decideInAmbient,
	type IstioWorld,
	withIdentity,
} from "../../policy/istio/decide.ts"
import {readPolicy} from "../../policy/istio/read.ts"
import type {Request} from "../../policy/request.ts"
import {everything, istioPolicies, type Vocabulary} from "../../policy/testing/istio.ts"
import {pods, request, services} from "../../policy/testing/requests.ts"
import {type KubeObject, refOf} from "../../snapshot/object.ts"
import {differential, type Judged} from "../testing/differential.ts"
import {worstOf} from "../types.ts"
import {movedToAmbient, toAmbient} from "./to-ambient.ts"

const identity = {trustDomain: "cluster.local", namespace: "shop", serviceAccount: "waypoint"}
const roots = ["istio-system"]
const used = new Set(services.map(({metadata}) => metadata.name))

const moved = (request: Request): Request => ({
	...request,
	destination: {...request.destination, labels: {...request.destination.labels, ...movedToAmbient}},
})

/** A caller that has moved goes through the waypoint to a pod that has not: its sidecar then sees the waypoint. */
function throughToSidecar(world: IstioWorld, one: Request) {
	if (one.source.identity === undefined || one.destination.service === undefined)
		return decideAtSidecar(world, one)
	const first = decideAtWaypoint(world, {name: "waypoint"}, one)
	return first.verdict === "deny" ? first : decideAtSidecar(world, withIdentity(one, identity))
}

function judge(policies: readonly KubeObject[]): Judged {
	for (const one of policies) expect(readPolicy(one).faults).toEqual([])
	const waypoint = {name: "waypoint", identity}
	const made = toAmbient({namespace: "shop", policies, services, pods, waypoint})
	const world = (objects: readonly KubeObject[]): IstioWorld => ({objects, roots})
	const added = world([...policies, ...made.before])
	const replaced = world(added.objects.filter((one) => !made.replaced.includes(refOf(one))))
	const widened = world(apply(replaced.objects, made.after))
	const retired = world(widened.objects.filter((one) => !made.retired.includes(refOf(one))))
	const verdict = worstOf(made.translations.flatMap(({fields}) => fields))
	const whole = {...waypoint, services: used}
	return {
		carried: verdict === "blocked" ? "not" : verdict === "approximated" ? "approximately" : "exactly",
		before: (one) => decideAtSidecar(world(policies), one),
		moments: {
			"the first objects": (one) => decideAtSidecar(added, one),
			"a caller that has moved": (one) => throughToSidecar(replaced, one),
			"a pod that has moved": (one) => decideInAmbient(replaced, whole, moved(one)),
			"a pod that has moved, past the waypoint": (one) => decideInAmbient(replaced, undefined, moved(one)),
			"the wider guard": (one) => decideInAmbient(widened, whole, one),
			"the end, if waypoints compare ports of pods": (one) =>
				decideInAmbient(retired, {...whole, comparesPodPorts: true}, one),
		},
		end: (one) => decideInAmbient(retired, whole, one),
	}
}

const apply = (objects: readonly KubeObject[], changed: readonly KubeObject[]) => [
	...objects.filter((one) => !changed.some((other) => refOf(other) === refOf(one))),
	...changed,
]

const carried: Vocabulary = {
	...everything,
	sources: everything.sources.filter((key) => key !== "ipBlocks"),
	conditions: everything.conditions.filter((key) => key !== "source.ip"),
}

describe("policies of sidecars in ambient", () => {
	test("never allow more at any moment, and decide the same in the end for callers of the mesh", () => {
		const tally = differential({
			pair: "istio-sidecar-to-ambient",
			policies: istioPolicies(carried),
			request,
			judge,
			agreesOn: ({source, destination}) => source.identity !== undefined && destination.service !== undefined,
			pairs: 50_000,
		})
		expect(tally.pairs).toBeGreaterThan(40_000)
		expect(tally.exact / tally.pairs).toBeGreaterThan(0.25)
		expect(tally.allowed / tally.pairs).toBeGreaterThan(0.15)
		expect(tally.allowed / tally.pairs).toBeLessThan(0.85)
		expect(tally.deniedByRule / tally.pairs).toBeGreaterThan(0.1)
		expect(tally.allowedByRule / tally.pairs).toBeGreaterThan(0.05)
	}, 120_000)

	test("are refused where nothing proves what a waypoint compares", () => {
		const tally = differential({
			pair: "istio-sidecar-to-ambient",
			policies: istioPolicies(everything),
			request,
			judge,
			agreesOn: ({source, destination}) => source.identity !== undefined && destination.service !== undefined,
			pairs: 10_000,
		})
		expect(tally.blocked).toBeGreaterThan(0)
	}, 60_000)
})
