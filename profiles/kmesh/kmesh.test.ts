import {describe, expect, test} from "vitest"
import type {KubeObject} from "../snapshot/object.ts"
import type {Node} from "../snapshot/shapes.ts"
import {snapshotOf} from "../snapshot/snapshot.ts"
import {node, pod} from "../testing/builders.ts"
import {brief} from "../testing/cases.ts"
import {ambientAgents, istiod} from "../testing/istio.ts"
import {kmeshAgents, kmeshPod} from "../testing/kmesh.ts"
import {kmesh} from "./index.ts"

const istio = (version = "1.25.3") => istiod({ambient: true, version})
const withKernel = (name: string, kernelVersion: string): Node => {
	const built = node(name)
	return {...built, status: {...built.status, nodeInfo: {kernelVersion}}}
}
const plain = "info KmeshEncryption"
const agents = "DaemonSet/kmesh-system/kmesh"

describe("what is installed", () => {
	const cases: readonly (readonly [
		name: string,
		objects: readonly KubeObject[],
		reasons: readonly string[],
		healthy: boolean,
	])[] = [
		["an agent on each node, served by Istio 1.25", [...istio(), ...kmeshAgents()], [plain], true],
		["Istio 1.22 serves L4", [...istio("1.22.8"), ...kmeshAgents()], [plain], true],
		[
			"a current Istio is outside of the window",
			[...istio("1.31.1"), ...kmeshAgents()],
			["block KmeshIstioUnsupported", plain],
			false,
		],
		[
			"an Istio before 1.22 as well",
			[...istio("1.21.6"), ...kmeshAgents()],
			["block KmeshIstioUnsupported", plain],
			false,
		],
		[
			"without the istiod that it names nothing serves it",
			[...istio(), ...kmeshAgents(["n1"], {istiod: "istiod-1-24"})],
			["block ControlPlaneUnhealthy", plain],
			false,
		],
		[
			"it may be served by a revision beside a current Istio",
			[
				...istio("1.31.1"),
				...istiod({revision: "1-24", version: "1.24.6", ambient: true}),
				...kmeshAgents(["n1"], {istiod: "istiod-1-24"}),
			],
			[plain],
			true,
		],
		[
			"istiod has to have ambient on",
			[...istiod({version: "1.25.3"}), ...kmeshAgents()],
			["block AmbientNotEnabled", plain],
			false,
		],
		[
			"not in the kernel-native mode, which enforces nothing",
			[...istiod({version: "1.25.3"}), ...kmeshAgents(["n1"], {mode: "kernel-native", ipsec: true})],
			["info KmeshKernelNative", plain],
			true,
		],
		[
			"an agent that is not ready",
			[...istio(), ...kmeshAgents(["n1", "n2"], {readyNodes: 1})],
			[`block KmeshAgentsUnready ${agents}`, plain],
			false,
		],
		[
			"a node that it does not run on",
			[...istio(), node("n1"), node("n2"), ...kmeshAgents(["n1"])],
			[`block KmeshAgentsUnready ${agents}`, plain],
			false,
		],
		[
			"an image without a version, whatever the chart's label says",
			[...istio(), ...kmeshAgents(["n1"], {version: "latest"})],
			[`info ControlPlaneVersionUnknown ${agents}`, plain],
			true,
		],
		[
			"a kernel that is too old",
			[...istio(), withKernel("n1", "4.19.90-2112.el7"), ...kmeshAgents()],
			["block KmeshKernelTooOld", plain],
			false,
		],
		[
			"one that is new enough",
			[...istio(), withKernel("n1", "5.15.0-91-generic"), ...kmeshAgents()],
			[plain],
			true,
		],
		[
			"ztunnel in the same cluster",
			[...istio(), ...kmeshAgents(), ...ambientAgents()],
			[plain, "accept KmeshBesideZtunnel"],
			true,
		],
	]
	test.each(cases)("%s", (_, objects, reasons, healthy) => {
		const [found] = kmesh.detect(snapshotOf(objects))
		expect(brief(found?.reasons ?? [])).toEqual(reasons)
		expect(found?.healthy).toBe(healthy)
	})

	test("nothing of it is no answer", () => {
		expect(kmesh.detect(snapshotOf([...istio(), ...ambientAgents()]))).toEqual([])
	})

	test("the version is the image's, Istio's namespace stands first, and a waypoint is of its image and its istiod", () => {
		const objects = [
			...istiod({revision: "1-24", version: "1.24.6", ambient: true}),
			...kmeshAgents(["n1"], {istiod: "istiod-1-24"}),
		]
		expect(kmesh.detect(snapshotOf(objects))[0]).toMatchObject({
			version: "1.2.0",
			namespaces: ["istio-system", "kmesh-system"],
			waypoint: {
				labels: {"istio.io/rev": "1-24"},
				annotations: {"sidecar.istio.io/proxyImage": "ghcr.io/kmesh-net/waypoint:v1.2.0"},
			},
		})
	})
})

describe("evidence", () => {
	const snapshot = snapshotOf(kmeshAgents(["n1"]))
	const mode = (value: string) => ({labels: {"istio.io/dataplane-mode": value}})
	test.each([
		["no annotation says nothing", pod("a", mode("kmesh")), undefined, undefined],
		["redirected, with the agent on the node ready", kmeshPod("a"), "in", true],
		["without the agent on its node it is not ready", kmeshPod("a", {node: "n2"}), "in", false],
		["the label may be written in capitals", kmeshPod("a", mode("Kmesh")), "in", true],
		["an annotation that was copied beside the opt-out", kmeshPod("a", mode("none")), "broken", false],
		["or beside another dataplane's label", kmeshPod("a", mode("ambient")), "broken", false],
		["bypassed for debugging", kmeshPod("a", {labels: {"kmesh.net/bypass": "enabled"}}), "broken", false],
		["an unknown value", pod("a", {annotations: {"kmesh.net/redirection": "maybe"}}), "broken", false],
	])("%s", (_, one, state, ready) => {
		const found = kmesh.evidence(one, snapshot)
		expect([found?.state, found?.ready]).toEqual([state, ready])
	})

	test("without a visible agent nothing carries the traffic, so far as is known", () => {
		expect(kmesh.evidence(kmeshPod("a"), snapshotOf([]))?.ready).toBe(false)
	})
})

describe("keys", () => {
	const [installation] = kmesh.detect(snapshotOf([...istio(), ...kmeshAgents()]))
	if (installation === undefined) throw new Error("Kmesh is not detected")

	test("enrolling is one label, leaving is its explicit opt-out", () => {
		const {namespace, template} = kmesh.enrol(installation)
		expect(namespace.labels).toEqual({"istio.io/dataplane-mode": "kmesh"})
		expect(template.labels).toEqual({"istio.io/dataplane-mode": "kmesh"})
		expect(kmesh.leave().template.labels).toEqual({"istio.io/dataplane-mode": "none"})
		expect(kmesh.leave().namespace.labels).toEqual({
			"istio.io/dataplane-mode": null,
			"istio.io/use-waypoint": null,
			"istio.io/use-waypoint-namespace": null,
		})
	})

	test.each([
		["istio.io/dataplane-mode", true],
		["istio.io/use-waypoint", true],
		["istio.io/ingress-use-waypoint", true],
		["kmesh.net/redirection", true],
		["istio.io/rev", false],
		["sidecar.istio.io/inject", false],
	])("%s is its own: %s", (key, own) => {
		expect(kmesh.owns(key)).toBe(own)
	})
})
