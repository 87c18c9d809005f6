import {describe, expect, test} from "vitest"
import {decideAtCilium} from "../../policy/cilium/decide.ts"
import {ciliumPoliciesIn, readCiliumPolicy} from "../../policy/cilium/read.ts"
import {decideAtSidecar, istioWorld} from "../../policy/istio/decide.ts"
import {everything, istioPolicies} from "../../policy/testing/istio.ts"
import {consistentRequest, isMeshed} from "../../policy/testing/meshed.ts"
import type {KubeObject} from "../../snapshot/object.ts"
import {carriedBy, differential, type Judged} from "../testing/differential.ts"
import {toCilium} from "./from-istio.ts"

function judge(policies: readonly KubeObject[]): Judged {
	const made = toCilium({
		namespace: "shop",
		policies,
		trustDomain: "cluster.local",
		isMeshed,
		normalizesPaths: true,
	})
	for (const one of made.before) expect(readCiliumPolicy(one).faults).toEqual([])
	const before = istioWorld(policies, ["istio-system"])
	const after = ciliumPoliciesIn(made.before)
	return {
		carried: carriedBy(made),
		moments: {
			before: (one) => decideAtSidecar(before, one),
			during: {},
			end: (one) => decideAtCilium(after, one),
			promises: () => true,
		},
	}
}

const sayable = {
	...everything,
	positive: true,
	sources: ["principals", "namespaces", "serviceAccounts"] as const,
	operations: ["ports", "ports", "methods", "paths"] as const,
	conditions: [],
}

describe("policies of sidecars at Cilium", () => {
	test("never allow more, and decide the same where they are exact", () => {
		const common = {pair: "istio-sidecar-to-cilium", request: consistentRequest, judge}
		const tally = differential({...common, policies: istioPolicies(sayable), pairs: 30_000})
		expect(tally.exact / tally.pairs).toBeGreaterThan(0.08)
		expect(tally.allowed / tally.pairs).toBeGreaterThan(0.15)
		expect(tally.allowed / tally.pairs).toBeLessThan(0.85)
	}, 120_000)

	test("are refused where Cilium cannot say it", () => {
		const common = {pair: "istio-sidecar-to-cilium", request: consistentRequest, judge}
		expect(differential({...common, policies: istioPolicies(), pairs: 5_000}).blocked).toBeGreaterThan(2_000)
	}, 60_000)
})
