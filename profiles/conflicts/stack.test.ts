import {expect, test} from "vitest"
import {istioSidecar} from "../istio-sidecar/index.ts"
import type {KubeObject} from "../snapshot/object.ts"
import {snapshotOf} from "../snapshot/snapshot.ts"
import {node, sidecarPod} from "../testing/builders.ts"
import {ambientAgents, istiod} from "../testing/istio.ts"
import {skews} from "./skew.ts"
import {gatewayAPIDefinition, stackOf} from "./stack.ts"

const definition = (version: string): KubeObject => ({
	apiVersion: "apiextensions.k8s.io/v1",
	kind: "CustomResourceDefinition",
	metadata: {
		name: gatewayAPIDefinition,
		annotations: {"gateway.networking.k8s.io/bundle-version": version},
	},
})

test("the stack is read from nodes, CRDs and what was detected", () => {
	const snapshot = snapshotOf([
		node("n1", {kubelet: "v1.33.4-gke.100"}),
		node("n2", {kubelet: "v1.34.1+k3s1"}),
		definition("v1.5.1"),
		...istiod({version: "1.31.1"}),
	])
	expect(stackOf({snapshot, installations: istioSidecar.detect(snapshot)})).toEqual({
		kubernetes: "1.34.1",
		kernels: [],
		gatewayAPI: "1.5.1",
		members: [{product: "istio", name: "istio-sidecar", version: "1.31.1"}],
	})
})

test("the API server's own version counts where it is known", () => {
	const snapshot = snapshotOf([node("n1", {kubelet: "v1.33.4"})])
	expect(stackOf({snapshot, installations: [], server: "v1.36.3"}).kubernetes).toBe("1.36.3")
	expect(stackOf({snapshot: snapshotOf([]), installations: []})).toEqual({kernels: [], members: []})
})

const proxies = (version: string) =>
	sidecarPod("a", {image: `registry.istio.io/release/proxyv2:${version}-distroless`})

test.each([
	["the same version", [...istiod({version: "1.31.1"}), proxies("1.31.0")], []],
	["a control plane one version ahead", [...istiod({version: "1.31.1"}), proxies("1.30.5")], []],
	[
		"a control plane two versions ahead",
		[...istiod({version: "1.31.1"}), proxies("1.29.2")],
		["DataplaneTrailsControlPlane"],
	],
	["proxies ahead", [...istiod({version: "1.30.5"}), proxies("1.31.1")], ["DataplaneLeadsControlPlane"]],
	[
		"ztunnel and CNI ahead",
		[...istiod({version: "1.30.5"}), ...ambientAgents(["n1"], {version: "1.31.1"})],
		["DataplaneLeadsControlPlane"],
	],
	["no control plane", [proxies("1.31.1")], []],
])("istiod and its proxies: %s", (_name, objects, expected) => {
	expect(skews(snapshotOf(objects as KubeObject[])).map(({code}) => code)).toEqual(expected)
})
