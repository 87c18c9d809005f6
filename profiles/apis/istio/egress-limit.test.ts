import {expect, test} from "vitest"
import {istioAmbient} from "../../istio-ambient/index.ts"
import {policyHazards as kmeshPolicies} from "../../kmesh/policy-hazards.ts"
import type {KubeObject} from "../../snapshot/object.ts"
import type {ConfigMap} from "../../snapshot/shapes.ts"
import {snapshotOf} from "../../snapshot/snapshot.ts"
import {namespace, pod, policy, sidecarPod} from "../../testing/builders.ts"
import {brief, moveTo} from "../../testing/cases.ts"
import {istiod} from "../../testing/istio.ts"
import {protectionLostOutsideIstio} from "./leaving.ts"

const settings = (mode: string): ConfigMap => ({
	apiVersion: "v1",
	kind: "ConfigMap",
	metadata: {name: "istio", namespace: "istio-system"},
	data: {mesh: `trustDomain: cluster.local\noutboundTrafficPolicy:\n  mode: ${mode}\n`},
})
const sidecar = (mode: string, spec: object = {}) =>
	policy("Sidecar", "s", {outboundTrafficPolicy: {mode}, ...spec})
const limited = settings("REGISTRY_ONLY")
const inside = sidecarPod("cart-1")
const told = ["block EgressRestrictionIgnored ConfigMap/istio-system/istio"]

const cases: readonly (readonly [name: string, objects: readonly KubeObject[], wanted: readonly string[]])[] =
	[
		["is lost with its sidecars", [inside, limited], told],
		["never held for pods without a sidecar", [pod("cart-1"), limited], []],
		["is none where any host may be called", [inside, settings("ALLOW_ANY")], []],
		["is overruled by a Sidecar of the namespace", [inside, limited, sidecar("ALLOW_ANY")], []],
		[
			"is not overruled by one for some pods",
			[inside, limited, sidecar("ALLOW_ANY", {workloadSelector: {labels: {app: "web"}}})],
			told,
		],
	]

test.each(cases)("a limit of the mesh on what a namespace may call %s", (_, objects, wanted) => {
	const snapshot = snapshotOf([namespace("shop"), ...istiod(), ...objects])
	expect(brief(protectionLostOutsideIstio(snapshot, "shop"))).toEqual(wanted)
})

test("neither ztunnel nor Kmesh knows such a limit", () => {
	const snapshot = snapshotOf([namespace("shop"), ...istiod(), inside, limited])
	expect(brief(istioAmbient.hazards(snapshot, moveTo("istio-ambient")))).toEqual(told)
	expect(brief(kmeshPolicies(snapshot, "shop"))).toEqual(told)
})
