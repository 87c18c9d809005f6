import {describe, expect, test} from "vitest"
import {hop, isUnmeshed} from "../interop.ts"
import {ends} from "../interop-table.ts"
import {pairHazards} from "../pairs.ts"
import {dataplanes} from "../registry.ts"
import type {KubeObject} from "../snapshot/object.ts"
import {snapshotOf} from "../snapshot/snapshot.ts"
import {namespace, pod, policy, sidecarPod} from "../testing/builders.ts"
import {brief, moveTo} from "../testing/cases.ts"
import {ciliumAgents, dataplaneV2} from "../testing/cilium.ts"
import {istiod} from "../testing/istio.ts"

const pairsOf = (target: string, ...objects: KubeObject[]) =>
	brief(pairHazards(snapshotOf(objects), moveTo(target), dataplanes))
const wireGuard = ciliumAgents({flags: {"enable-wireguard": "true"}})
const ztunnel = ciliumAgents({flags: {"enable-ztunnel": "true"}})
const enrolled = (name: string) => namespace(name, {"io.cilium/mtls-enabled": "true"})
const bank = {namespace: "bank"}
const strict = policy("PeerAuthentication", "p", {mtls: {mode: "STRICT"}})

describe("hops of pods on Cilium", () => {
	test("pods that the network encrypts are still outside of every mesh", () => {
		const network = [...istiod(), ...wireGuard]
		expect(pairsOf("istio-sidecar", ...network, pod("cart"), pod("ledger", bank))).toEqual([])
		expect(pairsOf("istio-sidecar", ...network, pod("cart"), pod("ledger", bank), strict)).toEqual([
			"accept StrictRejectsPlaintextCallers",
		])
	})

	test("those on GKE's network as well", () => {
		const network = [...istiod(), ...dataplaneV2({flags: {"enable-wireguard": "true"}})]
		expect(pairsOf("istio-sidecar", ...network, pod("cart"), pod("ledger", bank))).toEqual([])
	})

	test("a namespace in Cilium's ztunnel and one that is not do not reach each other", () => {
		const both = [...ztunnel, enrolled("shop"), namespace("bank"), pod("cart"), pod("ledger", bank)]
		expect(pairsOf("cilium", ...both)).toEqual(["block UnsafePair", "block UnsafePair"])
		expect(
			pairsOf(
				"istio-sidecar",
				...istiod(),
				...ztunnel,
				enrolled("bank"),
				sidecarPod("cart"),
				pod("ledger", bank),
			),
		).toContain("block UnsafePair")
	})

	test("two that are both in it do", () => {
		const both = [...ztunnel, enrolled("shop"), enrolled("bank"), pod("cart"), pod("ledger", bank)]
		expect(pairsOf("cilium", ...both)).toEqual([])
	})
})

test("unmeshed pods have no mTLS with anybody", () => {
	for (const client of ends.filter(isUnmeshed))
		for (const server of ends) {
			expect(hop(client, server).mtls).toBe("no")
			expect(hop(server, client).mtls).toBe("no")
		}
})
