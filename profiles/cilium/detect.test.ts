import {describe, expect, test} from "vitest"
import {istioAmbient} from "../istio-ambient/index.ts"
import {istioSidecar} from "../istio-sidecar/index.ts"
import {linkerd} from "../linkerd/index.ts"
import type {KubeObject, StringMap} from "../snapshot/object.ts"
import {snapshotOf} from "../snapshot/snapshot.ts"
import {daemonSet, node} from "../testing/builders.ts"
import {brief, moveTo} from "../testing/cases.ts"
import {ciliumAgents, dataplaneV2, fitForMeshes} from "../testing/cilium.ts"
import {ambientAgents, istiod} from "../testing/istio.ts"
import {linkerdControlPlane} from "../testing/linkerd.ts"
import {cilium} from "./index.ts"

const nodes = [node("n1"), node("n2")]
const both = ["n1", "n2"]
const detect = (...objects: readonly KubeObject[]) => cilium.detect(snapshotOf(objects))
const without = (objects: readonly KubeObject[], kind: string) => objects.filter((one) => one.kind !== kind)

describe("detection of Cilium", () => {
	test("another network, and GKE's own build of it, are none", () => {
		expect(detect(...nodes, daemonSet("calico-node", {namespace: "kube-system"}))).toEqual([])
		expect(detect(...nodes, ...dataplaneV2({nodes: both}))).toEqual([])
	})

	test("a DaemonSet elsewhere is only called so", () => {
		expect(detect(daemonSet("cilium", {namespace: "shop"}))).toEqual([])
	})

	test("agents on every node: healthy, with the version of the image", () => {
		expect(detect(...nodes, ...ciliumAgents({nodes: both}))).toEqual([
			{
				dataplane: "cilium",
				revision: "default",
				tags: [],
				version: "1.20.2",
				namespaces: ["kube-system"],
				healthy: true,
				reasons: [],
			},
		])
	})

	const cases: readonly (readonly [
		name: string,
		objects: readonly KubeObject[],
		healthy: boolean,
		wanted: readonly string[],
	])[] = [
		[
			"an agent is not ready",
			ciliumAgents({nodes: both, readyNodes: 1}),
			false,
			["block CiliumAgentUnready DaemonSet/kube-system/cilium"],
		],
		[
			"a node has no agent",
			[...ciliumAgents({nodes: both}), node("n3")],
			false,
			["block CiliumAgentUnready DaemonSet/kube-system/cilium"],
		],
		[
			"a cordoned node needs none",
			[...ciliumAgents({nodes: both}), node("n3", {unschedulable: true})],
			true,
			[],
		],
		[
			"its flags are not to be seen",
			without(ciliumAgents({nodes: both}), "ConfigMap"),
			false,
			["block CiliumConfigUnseen ConfigMap/kube-system/cilium-config"],
		],
		[
			"its ztunnel is on and nowhere to be seen",
			ciliumAgents({nodes: both, flags: {"enable-ztunnel": "true"}}),
			false,
			["block ZtunnelOfCiliumUnready"],
		],
		[
			"its ztunnel is not ready on one node",
			[
				...ciliumAgents({nodes: both, flags: {"enable-ztunnel": "true"}}),
				daemonSet("ztunnel-cilium", {namespace: "kube-system", nodes: 2, readyNodes: 1}),
			],
			false,
			["block ZtunnelOfCiliumUnready"],
		],
		[
			"its ztunnel is ready",
			[
				...ciliumAgents({nodes: both, flags: {"enable-ztunnel": "true"}}),
				daemonSet("ztunnel-cilium", {namespace: "kube-system", nodes: 2}),
			],
			true,
			[],
		],
		[
			"SPIRE is on",
			ciliumAgents({nodes: both, flags: {"mesh-auth-mutual-enabled": "true"}}),
			true,
			["info CiliumMutualAuthenticationDeprecated"],
		],
		[
			"the image tells no version",
			ciliumAgents({nodes: both, version: "latest"}),
			true,
			["info ControlPlaneVersionUnknown DaemonSet/kube-system/cilium"],
		],
	]
	test.each(cases)("%s", (_, objects, healthy, wanted) => {
		const [found] = detect(...nodes, ...objects)
		expect(found?.healthy).toBe(healthy)
		expect(brief(found?.reasons ?? [])).toEqual(wanted)
	})
})

describe("a mesh above Cilium", () => {
	const meshes = {
		"istio-sidecar": {of: istioSidecar, objects: istiod()},
		"istio-ambient": {of: istioAmbient, objects: [...istiod({ambient: true}), ...ambientAgents(both)]},
		linkerd: {of: linkerd, objects: linkerdControlPlane()},
	} as const
	const said = (mesh: keyof typeof meshes, network: readonly KubeObject[]) => {
		const {of, objects} = meshes[mesh]
		const [found] = of.detect(snapshotOf([...nodes, ...objects, ...network]))
		const about = /^(Cilium|NodeLocal)/
		return (found?.reasons ?? []).filter(({code}) => about.test(code)).map(({code}) => code)
	}
	const over = (mesh: keyof typeof meshes, flags: StringMap, ...more: KubeObject[]) =>
		said(mesh, [...ciliumAgents({nodes: both, flags}), ...more])
	const cni = daemonSet("istio-cni-node", {namespace: "istio-system"})

	test.each(["istio-sidecar", "istio-ambient", "linkerd"] as const)(
		"%s works with the flags that suit it",
		(mesh) => {
			expect(over(mesh, fitForMeshes, cni)).toEqual([])
		},
	)

	test("Cilium removes the plugins of others by default: ambient always has one, sidecars may", () => {
		expect(over("istio-ambient", {})).toEqual(["CiliumRemovesPlugins"])
		expect(over("istio-sidecar", {})).toEqual([])
		expect(over("istio-sidecar", {}, cni)).toEqual(["CiliumRemovesPlugins"])
		expect(over("linkerd", {}, daemonSet("linkerd-cni", {namespace: "linkerd-cni"}))).toEqual([
			"CiliumRemovesPlugins",
		])
	})

	test("its masquerading drops the probes of ambient, and of nobody else", () => {
		const flags = {...fitForMeshes, "enable-bpf-masquerade": "true"}
		expect(over("istio-ambient", flags)).toEqual(["CiliumMasqueradeBreaksProbes"])
		expect(over("istio-sidecar", flags)).toEqual([])
	})

	test.each([
		["kube-proxy is replaced", {"kube-proxy-replacement": "true"}, true],
		["by an older Cilium", {"kube-proxy-replacement": "strict"}, true],
		["socket load balancing alone is on", {"bpf-lb-sock": "true"}, true],
		["kube-proxy is replaced without it", {"kube-proxy-replacement": "true", "bpf-lb-sock": "false"}, false],
		[
			"it is for the host alone",
			{"kube-proxy-replacement": "true", "bpf-lb-sock-hostns-only": "true"},
			false,
		],
		["kube-proxy stays", {}, false],
	])("proxies are bypassed when %s", (_, flags, bypassed) => {
		const found = over("istio-sidecar", flags as unknown as StringMap)
		expect(found).toEqual(bypassed ? ["CiliumBypassesProxies"] : [])
	})

	test("without its flags nothing is promised", () => {
		expect(said("istio-ambient", without(ciliumAgents({nodes: both}), "ConfigMap"))).toEqual([
			"CiliumConfigUnseen",
		])
	})

	test("on GKE's network ambient has a known risk, sidecars have none", () => {
		expect(said("istio-ambient", dataplaneV2({nodes: both}))).toEqual(["NodeLocalHBONEBlackhole"])
		expect(said("istio-sidecar", dataplaneV2({nodes: both}))).toEqual([])
	})
})

describe("keys of Cilium", () => {
	test("rules put a pod on it, no key does", () => {
		const empty = {labels: {}, annotations: {}}
		expect(cilium.enrol(moveTo("cilium").to)).toEqual({namespace: empty, template: empty})
		expect(cilium.leave().template).toEqual(empty)
	})

	test("it owns the label of its mTLS alone", () => {
		const keys = ["io.cilium/mtls-enabled", "istio-injection", "io.cilium.k8s.policy.serviceaccount"]
		expect(keys.filter(cilium.owns)).toEqual(["io.cilium/mtls-enabled"])
	})
})
