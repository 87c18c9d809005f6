import {describe, expect, test} from "vitest"
import {features} from "../apis/gke/features.ts"
import {capabilityOf} from "../capability.ts"
import {istioSidecar} from "../istio-sidecar/index.ts"
import type {KubeObject} from "../snapshot/object.ts"
import {snapshotOf} from "../snapshot/snapshot.ts"
import {node, pod, policy, sidecarPod} from "../testing/builders.ts"
import {brief, moveTo} from "../testing/cases.ts"
import {ciliumAgents, clusterwide, dataplaneV2} from "../testing/cilium.ts"
import {gkeDataplaneV2} from "./index.ts"

const nodes = [node("n1", {kubelet: "v1.36.4-gke.1391000"}), node("n2", {kubelet: "v1.35.2-gke.1842000"})]
const network = dataplaneV2({nodes: ["n1", "n2"]})
const encrypting = dataplaneV2({nodes: ["n1", "n2"], flags: {"enable-wireguard": "true"}})
const detect = (...objects: KubeObject[]) => gkeDataplaneV2.detect(snapshotOf(objects))
const hazardsOf = (...objects: KubeObject[]) =>
	brief(gkeDataplaneV2.hazards(snapshotOf(objects), moveTo("gke-dataplane-v2")))
const fqdn = policy("FQDNNetworkPolicy", "pay", {
	podSelector: {},
	egress: [{matches: [{name: "api.pay.example"}]}],
})

describe("GKE Dataplane V2", () => {
	test("is managed, and as old as the oldest node", () => {
		expect(detect(...nodes, ...network)).toMatchObject([
			{version: "1.35.2", healthy: true, reasons: [{code: "DataplaneManagedByGKE", severity: "info"}]},
		])
	})

	test("is not healthy while a node has no agent, and is not Cilium as others install it", () => {
		const one = dataplaneV2({nodes: ["n1", "n2"], readyNodes: 1})
		expect(detect(...nodes, ...one)).toMatchObject([{healthy: false}])
		expect(detect(...nodes, ...ciliumAgents())).toEqual([])
	})

	test("has no key: nobody but GKE decides who is on it", () => {
		const empty = {labels: {}, annotations: {}}
		expect(gkeDataplaneV2.enrol(moveTo("gke-dataplane-v2").to)).toEqual({namespace: empty, template: empty})
		expect(gkeDataplaneV2.owns("io.cilium/mtls-enabled")).toBe(false)
	})

	test.each([
		["L7Authorization", "1.36.4", "no"],
		["HTTPHeaderRouting", "1.36.4", "no"],
		["MTLSStrict", "1.36.4", "no"],
		["ProxyCustomization", "1.36.4", "no"],
		["ExplicitDeny", "1.36.4", "preview"],
		["EgressByFQDN", "1.36.4", "native"],
		["EgressByFQDN", "1.26.0", "no"],
	] as const)("carries %s in %s: %s", (feature, version, support) => {
		expect(capabilityOf(gkeDataplaneV2, feature, version).support).toBe(support)
	})

	const rules = {endpointSelector: {}, ingress: [{toPorts: [{rules: {http: [{}]}}]}]}
	const cases: readonly (readonly [
		name: string,
		objects: readonly KubeObject[],
		wanted: readonly string[],
	])[] = [
		["a namespace that it encrypts has no hazard", [...encrypting, pod("cart")], []],
		[
			"without encryption it is the network and nothing more",
			[...network, pod("cart")],
			["block NoMeshDuty"],
		],
		[
			"it has no proxy for HTTP rules",
			[...encrypting, pod("cart"), clusterwide("CiliumClusterwideNetworkPolicy", "p", rules)],
			["block PolicyNotOnDataplaneV2 CiliumClusterwideNetworkPolicy/p"],
		],
		[
			"it does not read policies of a namespace, whatever they say",
			[...encrypting, pod("cart"), policy("CiliumNetworkPolicy", "p", {endpointSelector: {}, ingress: [{}]})],
			["block PolicyNotOnDataplaneV2 CiliumNetworkPolicy/shop/p"],
		],
		["sidecars give up their mTLS", [...encrypting, sidecarPod("cart")], ["accept WorkloadMTLSGivenUp"]],
	]
	test.each(cases)("%s", (_, objects, wanted) => {
		expect(hazardsOf(...objects)).toEqual(wanted)
	})
})

describe("FQDNNetworkPolicy", () => {
	test("is GKE's own, under any mesh", () => {
		const uses = (...objects: KubeObject[]) => features(snapshotOf(objects), "shop").uses
		expect(uses(...network, fqdn)).toMatchObject([{name: "EgressByFQDN", carrier: "cni"}])
		expect(uses(fqdn)).toEqual([])
	})

	test("is not supported together with Cloud Service Mesh", () => {
		const codes = (revision: string) =>
			istioSidecar
				.hazards(snapshotOf([...network, fqdn]), moveTo("istio-sidecar", {revision}))
				.map(({code}) => code)
		expect(codes("asm-managed-rapid")).toContain("FQDNPolicyWithCloudServiceMesh")
		expect(codes("default")).not.toContain("FQDNPolicyWithCloudServiceMesh")
	})
})

describe("Cloud Service Mesh", () => {
	const uses = [{name: "WasmExtension", usedBy: ["WasmPlugin/shop/audit"]}] as const
	const codes = (revision: string) =>
		istioSidecar
			.hazards(snapshotOf(network), {...moveTo("istio-sidecar", {revision}), uses})
			.map(({code}) => code)

	test("runs no modules, whereas a revision of Istio's own does", () => {
		expect(codes("asm-managed")).toContain("WasmNotOnCloudServiceMesh")
		expect(codes("1-31-1")).not.toContain("WasmNotOnCloudServiceMesh")
	})
})
