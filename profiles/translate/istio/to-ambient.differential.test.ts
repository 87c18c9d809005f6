import {describe, expect, test} from "vitest"
import {readPolicy} from "../../policy/istio/read.ts"
import {everything, istioPolicies, type Vocabulary} from "../../policy/testing/istio.ts"
import {pods, request, services} from "../../policy/testing/requests.ts"
import type {KubeObject} from "../../snapshot/object.ts"
import {carriedBy, differential, type Judged} from "../testing/differential.ts"
import {ambientMoments} from "./ambient-moments.ts"
import {toAmbient} from "./to-ambient.ts"

const waypoint = {
	name: "waypoint",
	identity: {trustDomain: "cluster.local", namespace: "shop", serviceAccount: "waypoint"},
}

function judge(policies: readonly KubeObject[]): Judged {
	for (const one of policies) expect(readPolicy(one).faults).toEqual([])
	const made = toAmbient({namespace: "shop", policies, services, pods, waypoint})
	const names = services.map(({metadata}) => metadata.name)
	const moments = ambientMoments({
		objects: policies,
		made,
		roots: ["istio-system"],
		waypoint,
		services: names,
	})
	return {carried: carriedBy(made), moments}
}

/** Without addresses, which are always refused. */
const carried: Vocabulary = {
	...everything,
	sources: everything.sources.filter((key) => !/ipBlocks/i.test(key)),
	conditions: everything.conditions.filter((key) => !key.endsWith(".ip")),
}

const common = {pair: "istio-sidecar-to-ambient", request, judge}

describe("policies of sidecars in ambient", () => {
	test("never allow more at any moment, and decide the same in the end for callers of the mesh", () => {
		const tally = differential({...common, policies: istioPolicies(carried), pairs: 50_000})
		expect(tally.pairs).toBeGreaterThan(40_000)
		expect(tally.exact / tally.pairs).toBeGreaterThan(0.25)
		expect(tally.allowed / tally.pairs).toBeGreaterThan(0.15)
		expect(tally.allowed / tally.pairs).toBeLessThan(0.85)
		expect(tally.deniedByRule / tally.pairs).toBeGreaterThan(0.1)
		expect(tally.allowedByRule / tally.pairs).toBeGreaterThan(0.05)
	}, 120_000)

	test("are refused where nothing proves what a waypoint compares", () => {
		const tally = differential({...common, policies: istioPolicies(everything), pairs: 10_000})
		expect(tally.blocked).toBeGreaterThan(0)
	}, 60_000)
})
