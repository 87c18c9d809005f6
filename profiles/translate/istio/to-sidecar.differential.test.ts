import fc from "fast-check"
import {describe, expect, test} from "vitest"
import {everything, istioPolicies, type Vocabulary} from "../../policy/testing/istio.ts"
import {pods, request, services} from "../../policy/testing/requests.ts"
import {type KubeObject, refOf} from "../../snapshot/object.ts"
import {policy} from "../../testing/builders.ts"
import {carriedBy, differential, type Judged} from "../testing/differential.ts"
import {after} from "./ambient-moments.ts"
import {calleesIn} from "./callees.ts"
import {sidecarMoments} from "./sidecar-moments.ts"
import {toAmbient} from "./to-ambient.ts"
import {toSidecar} from "./to-sidecar.ts"

const waypoint = {
	name: "waypoint",
	identity: {trustDomain: "cluster.local", namespace: "shop", serviceAccount: "waypoint"},
}
const around = {services, pods}

function judge(policies: readonly KubeObject[]): Judged {
	const made = toSidecar({...around, namespace: "shop", policies, waypoint, marked: true})
	const names = services.map(({metadata}) => metadata.name)
	const move = {objects: policies, made, roots: ["istio-system"], waypoint, services: names}
	return {
		carried: carriedBy(made),
		moments: sidecarMoments({...move, callees: calleesIn("shop", around)}),
	}
}

const carried: Vocabulary = {
	...everything,
	sources: everything.sources.filter((key) => !/ipBlocks/i.test(key)),
	operations: everything.operations.filter((key) => key !== "ports"),
	conditions: everything.conditions.filter((key) => !key.endsWith(".ip") && key !== "destination.port"),
}

const targets = fc.constantFrom(
	[{group: "", kind: "Service", name: "cart"}],
	[{group: "", kind: "Service", name: "cart"}],
	[
		{group: "", kind: "Service", name: "cart"},
		{group: "", kind: "Service", name: "web"},
	],
	[{group: "gateway.networking.k8s.io", kind: "Gateway", name: "waypoint"}],
)

const guard = policy("AuthorizationPolicy", "only-via-waypoint", {
	selector: {matchLabels: {app: "cart"}},
	action: "DENY",
	rules: [{from: [{source: {notPrincipals: ["cluster.local/ns/shop/sa/waypoint"]}}]}],
})

/** Policies of people who arranged ambient themselves: attached to Services or to the waypoint, mostly with a guard. */
const attached = fc
	.tuple(istioPolicies(carried), fc.array(targets, {minLength: 3, maxLength: 3}), fc.boolean())
	.map(([all, refs, guarded]) => [
		...all.map((one, index) => {
			const {selector: _, ...spec} = (one as KubeObject & {spec: Record<string, unknown>}).spec
			return {
				...one,
				metadata: {...one.metadata, namespace: "shop"},
				spec: {...spec, targetRefs: refs[index]},
			} as KubeObject
		}),
		...(guarded ? [guard] : []),
	])

/** What a move to ambient by Heddle itself has left. */
const leftByHeddle = istioPolicies(carried).map((policies) => {
	const made = toAmbient({...around, namespace: "shop", policies, waypoint})
	if (carriedBy(made) === "not") return []
	const end = after(after(policies, made.before, made.replaced), made.after, made.retired)
	return end.filter(
		({metadata}) => metadata.namespace === "shop" || !made.replaced.includes(refOf({metadata} as KubeObject)),
	)
})

const common = {pair: "ambient-to-istio-sidecar", request, judge}

describe("policies of a waypoint at sidecars", () => {
	test("never allow more at any moment, and decide the same in the end", () => {
		const tally = differential({...common, policies: attached, pairs: 20_000})
		expect(tally.exact / tally.pairs).toBeGreaterThan(0.25)
		expect(tally.allowed / tally.pairs).toBeGreaterThan(0.15)
		expect(tally.allowed / tally.pairs).toBeLessThan(0.85)
		expect(tally.deniedByRule / tally.pairs).toBeGreaterThan(0.1)
		expect(tally.allowedByRule / tally.pairs).toBeGreaterThan(0.03)
	}, 120_000)

	test("go back to sidecars after a move to ambient by Heddle", () => {
		const tally = differential({...common, policies: leftByHeddle, pairs: 20_000})
		expect(tally.compared).toBeGreaterThan(500)
	}, 120_000)
})
