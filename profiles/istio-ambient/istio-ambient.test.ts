import {describe, expect, test} from "vitest"
import type {KubeObject} from "../snapshot/object.ts"
import {snapshotOf} from "../snapshot/snapshot.ts"
import {node} from "../testing/builders.ts"
import {brief} from "../testing/cases.ts"
import {ambientAgents, istiod} from "../testing/istio.ts"
import {istioAmbient} from "./index.ts"

const detect = (objects: readonly KubeObject[]) => istioAmbient.detect(snapshotOf(objects))
const without = (objects: readonly KubeObject[], name: string) =>
	objects.filter(({metadata}) => metadata.name !== name)
const complete = [node("n1"), node("n2"), ...istiod({ambient: true}), ...ambientAgents(["n1", "n2"])]

describe("detection of ambient", () => {
	test("a cluster with sidecars alone has none", () => {
		expect(detect([node("n1"), ...istiod()])).toEqual([])
	})

	test("agents on every node, an istiod with ambient on: healthy", () => {
		expect(detect(complete)).toEqual([
			{
				dataplane: "istio-ambient",
				revision: "default",
				tags: [],
				version: "1.31.1",
				namespaces: ["istio-system"],
				healthy: true,
				reasons: [],
			},
		])
	})

	const flaws: readonly (readonly [
		name: string,
		objects: readonly KubeObject[],
		wanted: readonly string[],
	])[] = [
		[
			"ztunnel is not ready on one node",
			[node("n1"), node("n2"), ...istiod({ambient: true}), ...ambientAgents(["n1", "n2"], {readyNodes: 1})],
			[
				"block AmbientAgentsUnready DaemonSet/istio-system/ztunnel",
				"block AmbientAgentsUnready DaemonSet/istio-system/istio-cni-node",
			],
		],
		[
			"a node has no agent",
			[...complete, node("n3")],
			[
				"block AmbientAgentsUnready DaemonSet/istio-system/ztunnel",
				"block AmbientAgentsUnready DaemonSet/istio-system/istio-cni-node",
			],
		],
		["istio-cni is missing", without(complete, "istio-cni-node"), ["block AmbientAgentsUnready"]],
		["istiod has ambient off", [node("n1"), ...istiod(), ...ambientAgents()], ["block AmbientNotEnabled"]],
		["istiod is gone", [node("n1"), ...ambientAgents()], ["block ControlPlaneUnhealthy"]],
		[
			"istiod is down",
			[node("n1"), ...istiod({ambient: true, available: false}), ...ambientAgents()],
			["block ControlPlaneUnhealthy"],
		],
	]
	test.each(flaws)("not healthy when %s", (_, objects, wanted) => {
		const [found] = detect(objects)
		expect(found?.healthy).toBe(false)
		expect(brief(found?.reasons ?? [])).toEqual(wanted)
	})

	test("a cordoned node needs no agent", () => {
		expect(detect([...complete, node("n3", {unschedulable: true})])[0]?.healthy).toBe(true)
	})

	test("without the class of waypoints only L4 works", () => {
		const [found] = detect(without(complete, "istio-waypoint"))
		expect(found?.healthy).toBe(true)
		expect(brief(found?.reasons ?? [])).toEqual(["info WaypointClassMissing"])
	})

	test("an istiod outside of the cluster is believed by the class that it has created", () => {
		const external = [node("n1"), ...istiod({external: true}), ...ambientAgents()]
		expect(detect(external)[0]?.healthy).toBe(true)
		expect(brief(detect(without(external, "istio-waypoint"))[0]?.reasons ?? [])).toContain(
			"block AmbientNotEnabled",
		)
	})
})

describe("keys of ambient", () => {
	const to = detect(complete)[0]

	test("namespace and template get the same label", () => {
		const label = {labels: {"istio.io/dataplane-mode": "ambient"}, annotations: {}}
		expect(to && istioAmbient.enrol(to)).toEqual({namespace: label, template: label})
	})

	test("a pod leaves by an explicit value, a namespace by removal", () => {
		expect(istioAmbient.leave().template.labels).toEqual({"istio.io/dataplane-mode": "none"})
		expect(istioAmbient.leave().namespace.labels).toEqual({
			"istio.io/dataplane-mode": null,
			"istio.io/use-waypoint": null,
			"istio.io/use-waypoint-namespace": null,
		})
	})

	test("owns its keys and those of nobody else", () => {
		const mine = [
			"istio.io/dataplane-mode",
			"istio.io/use-waypoint",
			"istio.io/use-waypoint-canary",
			"istio.io/ingress-use-waypoint",
		]
		expect(
			[...mine, "istio.io/rev", "istio-injection", "sidecar.istio.io/inject"].filter((key) =>
				istioAmbient.owns(key),
			),
		).toEqual(mine)
	})
})
