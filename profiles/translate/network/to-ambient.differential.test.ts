import {expect, test} from "vitest"
import {readPolicy} from "../../policy/istio/read.ts"
import {readNetworkPolicy} from "../../policy/kubernetes/read.ts"
import {consistentRequest} from "../../policy/testing/meshed.ts"
import {networkPolicies} from "../../policy/testing/network.ts"
import {pods} from "../../policy/testing/requests.ts"
import type {KubeObject} from "../../snapshot/object.ts"
import {carriedBy, differential, type Judged} from "../testing/differential.ts"
import {tunnelMoments} from "./moments.ts"
import {networkToAmbient} from "./to-ambient.ts"

function judge(policies: readonly KubeObject[]): Judged {
	const made = networkToAmbient({namespace: "shop", policies, pods, refused: []})
	for (const one of made.before)
		expect((one.kind === "NetworkPolicy" ? readNetworkPolicy(one) : readPolicy(one)).faults).toEqual([])
	return {carried: carriedBy(made), moments: tunnelMoments(policies, made)}
}

test("NetworkPolicies and ztunnel together admit to pods in ambient what the network admitted before, and no more", () => {
	const tally = differential({
		pair: "network-to-ambient",
		policies: networkPolicies,
		request: consistentRequest,
		judge,
		pairs: 10_000,
	})
	expect(tally.exact / tally.pairs).toBeGreaterThan(0.3)
	expect(tally.blocked / tally.pairs).toBeGreaterThan(0.05)
	expect(tally.allowed / tally.pairs).toBeGreaterThan(0.1)
	expect(tally.allowed / tally.pairs).toBeLessThan(0.9)
}, 120_000)
