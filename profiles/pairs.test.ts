import {describe, expect, test} from "vitest"
import {hop} from "./interop.ts"
import {ends} from "./interop-table.ts"
import {pairHazards} from "./pairs.ts"
import {dataplanes} from "./registry.ts"
import type {KubeObject} from "./snapshot/object.ts"
import {snapshotOf} from "./snapshot/snapshot.ts"
import {ambientPod, pod, policy, service, sidecarPod} from "./testing/builders.ts"
import {brief, moveTo} from "./testing/cases.ts"
import {istiod} from "./testing/istio.ts"

const pairsOf = (dataplane: string, ...objects: KubeObject[]) =>
	brief(pairHazards(snapshotOf(objects), moveTo(dataplane), dataplanes))
const strict = (namespace: string) =>
	policy("PeerAuthentication", "default", {mtls: {mode: "STRICT"}}, {namespace})
const web = {namespace: "web"}
const linkerd = {init: [{name: "linkerd-proxy"}], ...web}

describe("hops that a move brings about", () => {
	const cases: readonly (readonly [
		name: string,
		to: string,
		objects: readonly KubeObject[],
		wanted: readonly string[],
	])[] = [
		["alone in the cluster nothing is at stake", "istio-ambient", [pod("cart")], []],
		[
			"sidecars that speak HBONE reach ambient and are reached",
			"istio-ambient",
			[sidecarPod("web", web), strict("web"), strict("shop")],
			[],
		],
		[
			"those that do not are reached in plaintext",
			"istio-ambient",
			[sidecarPod("web", {...web, hbone: false})],
			["accept SidecarsNotHBONEReady", "accept SidecarsNotHBONEReady"],
		],
		[
			"and refuse it when they are strict",
			"istio-ambient",
			[sidecarPod("web", {...web, hbone: false}), strict("web")],
			["block UnsafePair", "accept SidecarsNotHBONEReady"],
		],
		[
			"and are refused by a strict namespace",
			"istio-ambient",
			[sidecarPod("web", {...web, hbone: false}), strict("shop")],
			["accept SidecarsNotHBONEReady", "block UnsafePair"],
		],
		[
			"the namespace's own old pods are peers too",
			"istio-ambient",
			[sidecarPod("cart", {hbone: false}), strict("shop")],
			["block UnsafePair", "block UnsafePair"],
		],
		[
			"a strict namespace that enters the mesh may refuse callers outside",
			"istio-sidecar",
			[pod("cart"), pod("web", web), strict("shop")],
			["accept StrictRejectsPlaintextCallers"],
		],
		[
			"one that was in the mesh refused them before",
			"istio-ambient",
			[sidecarPod("cart"), pod("web", web), strict("shop")],
			[],
		],
		["without strict mTLS callers outside stay welcome", "istio-sidecar", [pod("cart"), pod("web", web)], []],
		[
			"a namespace that leaves may be refused by strict ones",
			"none",
			[sidecarPod("cart"), sidecarPod("web", web), strict("web")],
			["accept StrictServersRejectPlaintext"],
		],
		[
			"and by those of GKE's ambient networking, of which nobody knows whether they are strict",
			"none",
			[pod("web", {...web, annotations: {"ambient.networking.gke.io/redirection": "enabled"}})],
			["accept StrictServersRejectPlaintext"],
		],
		[
			"Linkerd and Istio share no mTLS",
			"istio-sidecar",
			[pod("web", linkerd)],
			["accept PlaintextHop", "accept PlaintextHop"],
		],
		[
			"and a strict namespace refuses it",
			"istio-sidecar",
			[pod("web", linkerd), strict("shop")],
			["accept PlaintextHop", "block UnsafePair"],
		],
		[
			"kube-system and control planes are no peers",
			"istio-sidecar",
			[pod("a", {namespace: "kube-system"}), pod("b", {namespace: "istio-system"}), strict("shop")],
			[],
		],
	]
	test.each(cases)("%s", (_, to, objects, wanted) => {
		expect(pairsOf(to, ...objects)).toEqual(wanted)
	})

	test("new sidecars speak HBONE when their istiod has ambient on", () => {
		const peers = [ambientPod("web", web), strict("shop")]
		expect(pairsOf("istio-sidecar", ...istiod({ambient: true}), ...peers)).toEqual([])
		expect(pairsOf("istio-sidecar", ...istiod(), ...peers)).toContain("block UnsafePair")
	})

	test("many namespaces are one reason that names some of them", () => {
		const many = ["a", "b", "c", "d", "e", "f", "g"].map((namespace) =>
			sidecarPod("web", {namespace, hbone: false}),
		)
		const [found] = pairHazards(snapshotOf(many), moveTo("istio-ambient"), dataplanes)
		expect(found?.message).toContain("(a, b, c, d, e and 2 more;")
	})
})

describe("the interop table", () => {
	test("every pair has a statement with a source", () => {
		const pairs = ends.flatMap((client) => ends.map((server) => hop(client, server)))
		expect(pairs).toHaveLength(ends.length ** 2)
		expect(pairs.filter(({note, source}) => note === "" || source === "")).toEqual([])
	})

	test("a dataplane reaches its own kind, and mTLS never crosses families but by HBONE", () => {
		for (const client of ends) {
			for (const server of ends) {
				const {reach, mtls} = hop(client, server)
				if (client === server) expect(reach).not.toBe("unsafe")
				else expect(["no", "hbone"]).toContain(mtls)
			}
		}
	})

	test("of an unknown dataplane nothing is promised", () => {
		expect(hop("sail", "istio-ambient")).toMatchObject({reach: "unsafe", note: "nothing is known of sail"})
	})
})

test.each(["LoadBalancer", "NodePort"])("a strict namespace refuses who comes by a %s", (type) => {
	const open = service("cart", {type})
	// The pods that have not moved yet are callers in plaintext too.
	const old = "accept StrictRejectsPlaintextCallers"
	const refused = [old, `${old} Service/shop/cart`]
	expect(pairsOf("istio-sidecar", pod("cart"), strict("shop"), open)).toEqual(refused)
	expect(pairsOf("istio-sidecar", pod("cart"), open)).toEqual([])
	expect(pairsOf("istio-sidecar", pod("cart"), strict("shop"), service("cart"))).toEqual([old])
	expect(pairsOf("istio-sidecar", sidecarPod("cart"), strict("shop"), open)).toEqual([])
})
