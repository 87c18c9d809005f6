import {describe, expect, test} from "vitest"
import {decideAtSidecar, istioWorld} from "../../policy/istio/decide.ts"
import {readPolicy} from "../../policy/istio/read.ts"
import {decideAtLinkerd} from "../../policy/linkerd/decide.ts"
import {type AccessPolicy, linkerdWorld} from "../../policy/linkerd/read.ts"
import {linkerdPolicies} from "../../policy/testing/linkerd.ts"
import {consistentRequest} from "../../policy/testing/meshed.ts"
import {pods, services} from "../../policy/testing/requests.ts"
import type {KubeObject} from "../../snapshot/object.ts"
import {carriedBy, differential, type Judged} from "../testing/differential.ts"
import {fromLinkerd} from "./to-istio.ts"

const domain = "cluster.local"

const judgeWith =
	(fallback: AccessPolicy) =>
	(objects: readonly KubeObject[]): Judged => {
		const trustDomain = {linkerd: domain, istio: domain}
		const made = fromLinkerd({services, pods, namespace: "shop", objects, fallback, trustDomain})
		for (const one of made.before) expect(readPolicy(one).faults).toEqual([])
		const before = linkerdWorld(objects, {fallback, trustDomain: domain})
		const after = istioWorld(made.before, ["istio-system"])
		return {
			carried: carriedBy(made),
			moments: {
				before: (one) => decideAtLinkerd(before, one),
				during: {},
				end: (one) => decideAtSidecar(after, one),
				promises: () => true,
			},
		}
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
