import {describe, expect, test} from "vitest"
import {istioSidecar} from "../istio-sidecar/index.ts"
import type {KubeObject} from "../snapshot/object.ts"
import {snapshotOf} from "../snapshot/snapshot.ts"
import {app, deployment, job, node, pod, policy, sidecarPod} from "../testing/builders.ts"
import {brief, moveTo} from "../testing/cases.ts"
import {istiod} from "../testing/istio.ts"
import {mosnPod} from "../testing/kmesh.ts"
import {mosn} from "./index.ts"

const old = istiod({revision: "1-10", version: "1.10.6"})
const ofOld = {revision: "1-10"}

describe("MOSN is not a current Istio", () => {
	const cases: readonly (readonly [
		name: string,
		objects: readonly KubeObject[],
		mosn: readonly string[],
		istio: readonly string[],
	])[] = [
		["a revision of Istio 1.10 whose pods run it", [...old, mosnPod("a", ofOld)], ["1-10"], []],
		[
			"beside a current Istio each has its own",
			[...old, ...istiod(), mosnPod("a", ofOld), sidecarPod("b")],
			["1-10"],
			["default"],
		],
		["an Istio 1.10 whose pods run Envoy", [...old, sidecarPod("a", ofOld)], [], ["1-10"]],
		[
			"one that injects now the one, now the other proves nothing",
			[...old, mosnPod("a", ofOld), sidecarPod("b", ofOld)],
			[],
			["1-10"],
		],
		["one without pods proves nothing either", old, [], ["1-10"]],
		["pods whose control plane became a current Istio", [...istiod(), mosnPod("a")], [], ["default"]],
	]
	test.each(cases)("%s", (_, objects, ofMosn, ofIstio) => {
		const snapshot = snapshotOf(objects)
		const revisions = (found: readonly {readonly revision: string}[]) => found.map(({revision}) => revision)
		expect(revisions(mosn.detect(snapshot))).toEqual(ofMosn)
		expect(revisions(istioSidecar.detect(snapshot))).toEqual(ofIstio)
	})

	test("its version is that of MOSN, and it says that it is legacy", () => {
		const [found] = mosn.detect(snapshotOf([...old, mosnPod("a", ofOld)]))
		expect(found).toMatchObject({version: "1.0.0", namespaces: ["istio-system"], healthy: true})
		expect(brief(found?.reasons ?? [])).toEqual(["info MosnIsLegacy"])
	})
})

describe("evidence", () => {
	const image = "mosnio/proxyv2:v1.0.0-1.10.6"
	test.each([
		["the container and the annotation", mosnPod("a", ofOld), "in", true],
		["from a registry of one's own", mosnPod("a", {image: "registry.example/mosnio/proxyv2:1"}), "in", true],
		["not ready", mosnPod("a", {containerReady: {"istio-proxy": false}}), "in", false],
		[
			"the container alone can be written by hand",
			pod("a", {containers: [app, {name: "istio-proxy", image}]}),
			"broken",
			false,
		],
		["Envoy is not MOSN", sidecarPod("a"), undefined, undefined],
		[
			"a copied annotation is nothing",
			pod("a", {annotations: {"sidecar.istio.io/status": "{}"}}),
			undefined,
			undefined,
		],
	])("%s", (_, one, state, ready) => {
		const found = mosn.evidence(one, snapshotOf([]))
		expect([found?.state, found?.ready]).toEqual([state, ready])
	})
})

describe("hazards of moving to MOSN", () => {
	const to = moveTo("mosn", {revision: "1-10", version: "1.0.0"})
	const hazardsOf = (...objects: KubeObject[]) =>
		brief(
			mosn.hazards(
				snapshotOf([node("n1"), ...old, mosnPod("x", {...ofOld, namespace: "web"}), ...objects]),
				to,
			),
		)
	const legacy = "accept MosnTakesNewWorkloads"
	const parentRefs = [{group: "", kind: "Service", name: "cart"}]

	test.each([
		["it is legacy, whatever moves", deployment("cart"), [legacy]],
		[
			"a GAMMA route would stop acting",
			policy("HTTPRoute", "r", {parentRefs}),
			[legacy, "block IgnoredByIstio110 HTTPRoute/shop/r"],
		],
		[
			"a route of a gateway is the gateway's business",
			policy("HTTPRoute", "r", {parentRefs: [{name: "gw"}]}),
			[legacy],
		],
		[
			"a WasmPlugin as well",
			policy("WasmPlugin", "w", {url: "oci://r.example/a"}),
			[legacy, "block IgnoredByIstio110 WasmPlugin/shop/w"],
		],
		["and Telemetry", policy("Telemetry", "t", {}), [legacy, "block IgnoredByIstio110 Telemetry/shop/t"]],
		[
			"Jobs hang, for sidecars were no native containers yet",
			job("once"),
			[legacy, "accept JobsHangWithoutNativeSidecars Job/shop/once"],
		],
	])("%s", (_, object, wanted) => {
		expect(hazardsOf(object)).toEqual(wanted)
	})
})

describe("a template that asks for MOSN by itself", () => {
	const cart = (annotations: Readonly<Record<string, string>>) =>
		deployment("cart", {template: {metadata: {annotations}}})
	const hazardsOf = (object: KubeObject) =>
		brief(istioSidecar.hazards(snapshotOf([node("n1"), object]), moveTo("istio-sidecar")))

	test.each([
		["its image", {"sidecar.istio.io/proxyImage": "mosnio/proxyv2:v1.0.0-1.10.6"}],
		["its binary", {"proxy.istio.io/config": "binaryPath: /usr/local/bin/mosn\n"}],
		["its binary as JSON", {"proxy.istio.io/config": '{"binaryPath": "/usr/local/bin/mosn"}'}],
	])("by %s does not move to a current Istio", (_, annotations) => {
		expect(hazardsOf(cart(annotations))).toEqual(["block TemplatePinsMosn Deployment/shop/cart"])
	})

	test("an image of one's own is no MOSN", () => {
		expect(hazardsOf(cart({"sidecar.istio.io/proxyImage": "registry.example/proxyv2:1.31.1"}))).toEqual([])
	})
})
