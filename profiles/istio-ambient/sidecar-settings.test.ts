import {expect, test} from "vitest"
import type {KubeObject} from "../snapshot/object.ts"
import {snapshotOf} from "../snapshot/snapshot.ts"
import {deployment, namespace, policy, service} from "../testing/builders.ts"
import {brief} from "../testing/cases.ts"
import {sidecarSettingHazards} from "./sidecar-settings.ts"

const rule = (mode: string, options = {}) =>
	policy("DestinationRule", "out", {host: "api.example.com", trafficPolicy: {tls: {mode}}}, options)
const excluded = deployment("cart", {
	template: {metadata: {annotations: {"traffic.sidecar.istio.io/excludeInboundPorts": "9090"}}},
})
const shop = namespace("shop")
const bound = {"istio.io/use-waypoint": "waypoint"}
const lost = "block TLSOriginationLost DestinationRule/shop/out"

const cases: readonly (readonly [string, readonly KubeObject[], readonly string[]])[] = [
	["ztunnel speaks no TLS for the application", [shop, rule("SIMPLE")], [lost]],
	["nor mutual TLS with certificates of its own", [shop, rule("MUTUAL")], [lost]],
	["Istio's own mTLS is another matter", [shop, rule("ISTIO_MUTUAL")], []],
	[
		"a rule of the root namespace counts",
		[shop, rule("SIMPLE", {namespace: "istio-system"})],
		["block TLSOriginationLost DestinationRule/istio-system/out"],
	],
	["another namespace's rule is its own", [shop, rule("SIMPLE", {namespace: "bank"})], []],
	["with a waypoint in use the waypoint does", [namespace("shop", bound), rule("SIMPLE")], []],
	["also when a Service alone uses one", [shop, service("cart", {labels: bound}), rule("SIMPLE")], []],
	[
		"none stands for no waypoint",
		[namespace("shop", {"istio.io/use-waypoint": "none"}), rule("SIMPLE")],
		[lost],
	],
	[
		"ports past the sidecar go through ztunnel",
		[shop, excluded],
		["accept SidecarExclusionIgnored Deployment/shop/cart"],
	],
]

test.each(cases)("%s", (_, objects, wanted) => {
	expect(brief(sidecarSettingHazards(snapshotOf(objects), "shop"))).toEqual(wanted)
})
