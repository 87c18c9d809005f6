import {describe, expect, test} from "vitest"
import {readPolicy} from "../../policy/istio/read.ts"
import type {AccessPolicy} from "../../policy/linkerd/read.ts"
import {linkerdPolicies} from "../../policy/testing/linkerd.ts"
import {consistentRequest} from "../../policy/testing/meshed.ts"
import {pods, services} from "../../policy/testing/requests.ts"
import type {KubeObject} from "../../snapshot/object.ts"
import {carriedBy, differential, type Judged} from "../testing/differential.ts"
import {fromLinkerdMoments} from "./moments.ts"
import {fromLinkerd} from "./to-istio.ts"

const domain = "cluster.local"

const judgeWith =
	(fallback: AccessPolicy) =>
	(objects: readonly KubeObject[]): Judged => {
		const made = fromLinkerd({
			services,
			pods,
			namespace: "shop",
			objects,
			inbound: () => ({present: true, governed: true, policy: fallback}),
			annotated: [],
			trustDomain: {linkerd: domain, istio: domain},
			anyone: ["*"],
			copies: new Map(),
		})
		for (const one of made.before) expect(readPolicy(one).faults).toEqual([])
		const around = {fallback: () => fallback, trustDomain: domain}
		const moments = fromLinkerdMoments({namespace: "shop", objects, made, roots: ["istio-system"], around})
		// Everyone is taken for somebody who has moved in the end, callers of other namespaces too.
		return {carried: carriedBy(made), moments: {...moments, promises: () => true}}
	}

const fallbacks: readonly AccessPolicy[] = ["all-unauthenticated", "all-authenticated", "deny"]

describe("policies of Linkerd at Istio's sidecars", () => {
	test.each(fallbacks)(
		"never allow more, and decide the same where they are exact, by default %s",
		(fallback) => {
			const tally = differential({
				pair: `linkerd-${fallback}-to-istio-sidecar`,
				policies: linkerdPolicies,
				request: consistentRequest,
				judge: judgeWith(fallback),
				pairs: 10_000,
			})
			expect(tally.exact / tally.pairs).toBeGreaterThan(0.3)
			expect(tally.allowed / tally.pairs).toBeGreaterThan(0.1)
			expect(tally.allowed / tally.pairs).toBeLessThan(0.95)
			expect(tally.allowedByRule / tally.pairs).toBeGreaterThan(0.02)
		},
		60_000,
	)
})
