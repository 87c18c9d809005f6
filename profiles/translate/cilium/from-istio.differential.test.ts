import fc from "fast-check"
import {describe, expect, test} from "vitest"
import {readCiliumPolicy} from "../../policy/cilium/read.ts"
import type {Outside, Protocol, Request} from "../../policy/request.ts"
import {everything, istioPolicies} from "../../policy/testing/istio.ts"
import {consistentRequest, isMeshed} from "../../policy/testing/meshed.ts"
import type {KubeObject} from "../../snapshot/object.ts"
import {carriedBy, differential, type Judged} from "../testing/differential.ts"
import {toCilium} from "./from-istio.ts"
import {ciliumMoments} from "./moments.ts"

function judge(policies: readonly KubeObject[]): Judged {
	const made = toCilium({
		namespace: "shop",
		policies,
		trustDomain: "cluster.local",
		isMeshed,
		normalizesPaths: true,
		deniesAlone: true,
		plainPorts: new Set(),
	})
	for (const one of [...made.before, ...made.after]) expect(readCiliumPolicy(one).faults).toEqual([])
	const move = {namespace: "shop", objects: policies, made, roots: ["istio-system"]}
	return {carried: carriedBy(made), moments: ciliumMoments(move)}
}

/** Also from outside of the cluster and from other nodes, and of other protocols than TCP. */
const anyRequest = fc
	.tuple(
		consistentRequest,
		fc.constantFrom<Outside | undefined>(...[undefined, undefined, undefined], "world", "other-node"),
		fc.constantFrom<Protocol>("TCP", "TCP", "TCP", "UDP"),
	)
	.map(([one, outside, protocol]): Request => {
		const {http, ...bare} = one
		const request = protocol === "UDP" ? {...bare, protocol} : one
		if (outside === undefined) return request
		const source = {namespace: "", serviceAccount: "", labels: {}, ip: one.source.ip, outside}
		return {...request, source}
	})

const sayable = {
	...everything,
	positive: true,
	sources: ["principals", "principals", "namespaces", "serviceAccounts", "ipBlocks"] as const,
	operations: ["ports", "ports", "ports", "methods", "paths", "hosts"] as const,
	conditions: ["request.headers[X-Team]"],
}

describe("policies of sidecars at Cilium", () => {
	test("never allow more, and decide the same where they are exact", () => {
		const common = {pair: "istio-sidecar-to-cilium", request: anyRequest, judge}
		const tally = differential({...common, policies: istioPolicies(sayable), pairs: 30_000})
		expect(tally.exact / tally.pairs).toBeGreaterThan(0.08)
		expect(tally.allowed / tally.pairs).toBeGreaterThan(0.15)
		expect(tally.allowed / tally.pairs).toBeLessThan(0.85)
	}, 120_000)

	test("are refused where Cilium cannot say it", () => {
		const common = {pair: "istio-sidecar-to-cilium", request: anyRequest, judge}
		expect(differential({...common, policies: istioPolicies(), pairs: 5_000}).blocked).toBeGreaterThan(2_000)
	}, 60_000)
})
