import fc from "fast-check"
import {expect, onTestFinished, test} from "vitest"
import {AuthorizationPolicy} from "../../../profiles/apis/istio/kinds.ts"
import {described} from "../../../profiles/policy/compare.ts"
import {decideAtWaypoint, istioWorld} from "../../../profiles/policy/istio/decide.ts"
import {requestsFrom} from "../../../profiles/policy/istio/derive.ts"
import type {Request} from "../../../profiles/policy/request.ts"
import {istioPolicies} from "../../../profiles/policy/testing/istio.ts"
import {request, services} from "../../../profiles/policy/testing/requests.ts"
import type {KubeObject} from "../../../profiles/snapshot/object.ts"
import {policy} from "../../../profiles/testing/builders.ts"
import {apply} from "../../kit/apply.ts"
import {admitsAtWaypoint} from "../../kit/istiod/inbound.ts"
import {place, remove, untilSeen, usesWaypoint, waypointOf} from "../../kit/istiod/placed.ts"
import {useWorld} from "../../kit/sandbox.ts"

const world = useWorld()
const seed = Number(process.env.HEDDLE_SEED ?? 20261122)
const sets = 6

type Spec = {readonly selector?: {readonly matchLabels: {readonly app?: string}}}

/** The policy at the waypoint: for the Service of the pods that it selects, or for all that the waypoint serves. */
function attached(policy: KubeObject & {spec?: Spec}): KubeObject {
	const {selector, ...rest} = policy.spec ?? {}
	const name = services.find(({metadata}) => metadata.name === selector?.matchLabels.app)?.metadata.name
	const ref =
		name === undefined
			? {group: "gateway.networking.k8s.io", kind: "Gateway", name: "waypoint"}
			: {group: "", kind: "Service", name}
	return {...policy, ...{spec: {...rest, targetRefs: [ref]}}}
}

/** For every waypoint of the mesh. */
const ofTheMesh = policy(
	"AuthorizationPolicy",
	"waypoints",
	{
		targetRefs: [{group: "gateway.networking.k8s.io", kind: "GatewayClass", name: "istio-waypoint"}],
		action: "DENY",
		rules: [{to: [{operation: {methods: ["PUT"]}}]}],
	},
	{namespace: "istio-system"},
)

/** Requests to every port of every Service: random ones, and those at the edges of the policies. */
const requestsIn = (
	namespace: string,
	edges: (callees: readonly Request["destination"][]) => readonly Request[],
) => {
	const callees = services.flatMap(({metadata: {name}, spec}) =>
		(spec?.ports ?? []).map(({port}) => ({
			namespace,
			labels: {app: name},
			ip: "10.0.9.1",
			port: port === 80 ? 8080 : port,
			service: {name, port},
		})),
	)
	const random = fc.sample(request, {numRuns: 100, seed})
	return [
		...callees.flatMap((destination) => random.map((one) => ({...one, destination}))),
		...edges(callees),
	]
}

test("a waypoint decides as the evaluator does, by what the real istiod generates for it", {
	timeout: 300_000,
}, async () => {
	const all = fc.sample(istioPolicies(), {numRuns: sets, seed: seed + 3})
	const placed = await Promise.all(all.map((one) => place(world(), one.map(attached), usesWaypoint)))
	onTestFinished(async () => void (await remove(world(), placed)))
	const wide = await apply(world(), ofTheMesh)
	onTestFinished(
		async () => void (await world().client.delete(AuthorizationPolicy, "waypoints", "istio-system")),
	)
	await untilSeen(world(), [...placed, {namespace: "istio-system", policies: [wide], ips: new Map()}])
	let [asked, admitted] = [0, 0]
	const wrong: string[] = []
	for (const one of placed) {
		const listener = await waypointOf(world(), one)
		const evaluated = istioWorld([...one.policies, wide], ["istio-system"])
		const requests = requestsIn(one.namespace, (callees) => requestsFrom(evaluated.policies, {callees}))
		for (const each of requests) {
			const {verdict, by} = decideAtWaypoint(evaluated, {name: "waypoint"}, each)
			const admits = admitsAtWaypoint(listener, each)
			asked++
			if (admits) admitted++
			if (admits !== (verdict === "allow") && wrong.length < 5)
				wrong.push(`${described(each)}: ${verdict} by ${by}; ${JSON.stringify(one.policies)}`)
		}
	}
	expect(wrong).toEqual([])
	expect(asked).toBeGreaterThan(sets * 400)
	expect(admitted / asked).toBeGreaterThan(0.1)
	expect(admitted / asked).toBeLessThan(0.9)
})
