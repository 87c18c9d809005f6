import {describe, expect, test} from "vitest"
import {capabilityOf} from "../capability.ts"
import {classify} from "../classify.ts"
import {dataplanes} from "../registry.ts"
import type {KubeObject} from "../snapshot/object.ts"
import type {Pod} from "../snapshot/shapes.ts"
import {snapshotOf} from "../snapshot/snapshot.ts"
import {deployment, namespace, node, pod, policy, service, sidecarPod} from "../testing/builders.ts"
import {brief, moveTo} from "../testing/cases.ts"
import {dataplaneV2, gkeAmbientAgents} from "../testing/cilium.ts"
import {linkerdPod} from "../testing/linkerd.ts"
import {gkeAmbient} from "./index.ts"

const nodes = [node("n1", {kubelet: "v1.36.4-gke.1391000"}), node("n2", {kubelet: "v1.36.4-gke.1391000"})]
const both = ["n1", "n2"]
const cluster = [...nodes, ...dataplaneV2({nodes: both}), ...gkeAmbientAgents(both)]
const detect = (...objects: KubeObject[]) => gkeAmbient.detect(snapshotOf(objects))
const redirected = (name: string, value = "enabled", options = {}) =>
	pod(name, {...options, annotations: {"ambient.networking.gke.io/redirection": value}})

describe("GKE ambient networking", () => {
	test("is a preview wherever it is there", () => {
		expect(detect(...nodes, ...dataplaneV2({nodes: both}))).toEqual([])
		expect(detect(...cluster)).toMatchObject([
			{
				version: "1.36.4",
				healthy: true,
				namespaces: ["gke-managed-ambient"],
				reasons: [{code: "GKEAmbientPreview", severity: "accept"}],
			},
		])
	})

	test.each([
		["its components are not ready everywhere", gkeAmbientAgents(both, 1)],
		["its components are not to be seen", [namespace("gke-managed-ambient")]],
		["a node has none", gkeAmbientAgents(["n1"])],
	])("is not healthy when %s", (_, objects) => {
		const [found] = detect(...nodes, ...objects)
		expect(found?.healthy).toBe(false)
		expect(brief(found?.reasons ?? [])).toContain(
			"block GKEAmbientUnready DaemonSet/gke-managed-ambient/gke-ambient-nriplugin",
		)
	})

	test.each([
		["a redirected pod with a ready proxy on its node", redirected("cart"), "gke-ambient", true],
		["one on a node without", redirected("cart", "enabled", {node: "n9"}), "gke-ambient", false],
		["one that is not redirected", redirected("cart", "disabled"), "none", true],
		[
			"one with a sidecar is captured twice",
			{
				...sidecarPod("cart"),
				metadata: {
					...sidecarPod("cart").metadata,
					annotations: {
						...sidecarPod("cart").metadata.annotations,
						"ambient.networking.gke.io/redirection": "enabled",
					},
				},
			},
			"conflict",
			false,
		],
	] as const)("%s is on %s", (_, one, dataplane, ready) => {
		expect(classify(one as Pod, snapshotOf(cluster), dataplanes)).toMatchObject({dataplane, ready})
	})

	test("the namespace alone has keys", () => {
		expect(gkeAmbient.enrol(moveTo("gke-ambient").to)).toEqual({
			namespace: {labels: {"networking.gke.io/dataplane-mode": "ambient"}, annotations: {}},
			template: {labels: {}, annotations: {}},
		})
		expect(gkeAmbient.owns("networking.gke.io/ambient-network-metrics")).toBe(true)
		expect(gkeAmbient.owns("istio.io/dataplane-mode")).toBe(false)
	})

	test.each([
		["MTLSStrict", "1.36.4", "preview"],
		["L4Authorization", "1.36.4", "preview"],
		["L4Authorization", "1.35.2", "no"],
		["L7Authorization", "1.36.4", "no"],
		["TrafficSplit", "1.36.4", "no"],
	] as const)("carries %s in %s: %s", (feature, version, support) => {
		expect(capabilityOf(gkeAmbient, feature, version).support).toBe(support)
	})

	const cases: readonly (readonly [
		name: string,
		objects: readonly KubeObject[],
		wanted: readonly string[],
	])[] = [
		["a plain namespace has no hazard", [pod("cart"), service("cart")], []],
		["sidecars are refused", [sidecarPod("cart")], ["block GKEAmbientRefusesSidecars"]],
		[
			"those of callers too",
			[pod("cart"), sidecarPod("web", {namespace: "web"})],
			["block GKEAmbientRefusesSidecars"],
		],
		["and Linkerd's", [linkerdPod("cart")], ["block GKEAmbientRefusesSidecars"]],
		[
			"Istio's policies are enforced by nobody",
			[pod("cart"), policy("AuthorizationPolicy", "p", {})],
			["block AuthorizationStopsBeingEnforced AuthorizationPolicy/shop/p"],
		],
		[
			"headless Services are not supported",
			[pod("cart"), service("db", {clusterIP: "None"})],
			["block GKEAmbientUnsupported Service/shop/db"],
		],
		[
			"nor is trafficDistribution",
			[pod("cart"), service("db", {trafficDistribution: "PreferClose"} as object)],
			["block GKEAmbientUnsupported Service/shop/db"],
		],
		[
			"nor gVisor",
			[pod("cart"), deployment("safe", {template: {spec: {runtimeClassName: "gvisor"}}})],
			["block GKEAmbientUnsupported Deployment/shop/safe"],
		],
	]
	test.each(cases)("%s", (_, objects, wanted) => {
		const found = brief(gkeAmbient.hazards(snapshotOf([...cluster, ...objects]), moveTo("gke-ambient")))
		expect(found).toEqual(wanted)
	})

	test("strict mTLS is nothing that Heddle could prove there", () => {
		const uses = [{name: "MTLSStrict", usedBy: ["MeshProfile/payments"]}] as const
		const found = gkeAmbient.hazards(snapshotOf(cluster), {...moveTo("gke-ambient"), uses})
		expect(brief(found)).toEqual(["block GKEAmbientStrictUnproven"])
	})
})
