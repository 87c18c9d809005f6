import {describe, expect, test} from "vitest"
import {networkPolicyHazards} from "../istio-ambient/network-policy.ts"
import type {KubeObject} from "../snapshot/object.ts"
import {snapshotOf} from "../snapshot/snapshot.ts"
import {deployment, namespace, networkPolicy, pod, policy} from "../testing/builders.ts"
import {brief} from "../testing/cases.ts"
import {ciliumAgents, clusterwide, dataplaneV2, fitForMeshes} from "../testing/cilium.ts"
import type {MeshAbove} from "./coexistence.ts"
import {underMesh} from "./under-mesh.ts"

const CNP = "CiliumNetworkPolicy"
const network = ciliumAgents({flags: fitForMeshes})
const cart = pod("cart", {labels: {app: "cart"}})
const under = (mesh: MeshAbove, ...objects: KubeObject[]) =>
	brief(underMesh(snapshotOf([...network, cart, ...objects]), "shop", mesh))
const rules = (spec: object, selector: object = {}) => policy(CNP, "p", {endpointSelector: selector, ...spec})
const ports = (...numbers: string[]) => [{ports: numbers.map((port) => ({port, protocol: "TCP"}))}]
const web = [{matchLabels: {app: "web"}}]
const http = rules({ingress: [{toPorts: [{...ports("8080")[0], rules: {http: [{method: "GET"}]}}]}]})
const mtls = (mode: string, name = "m", more: object = {}) =>
	policy("PeerAuthentication", name, {mtls: {mode}, ...more})
const probes = clusterwide("CiliumClusterwideNetworkPolicy", "allow-ambient-hostprobes", {
	endpointSelector: {},
	enableDefaultDeny: {egress: false, ingress: false},
	ingress: [{fromCIDR: ["169.254.7.127/32"]}],
})

describe("Cilium's rules under a mesh", () => {
	const hard = "block CiliumL7BreaksMTLS CiliumNetworkPolicy/shop/p"
	const cases: readonly (readonly [
		name: string,
		mesh: MeshAbove,
		objects: readonly KubeObject[],
		wanted: readonly string[],
	])[] = [
		["HTTP rules break mTLS of sidecars with 503", "istio-sidecar", [http], [hard]],
		["also while it is permissive", "istio-sidecar", [http, mtls("PERMISSIVE")], [hard]],
		["not where it is disabled for the whole namespace", "istio-sidecar", [http, mtls("DISABLE")], []],
		[
			"but where one workload has it back",
			"istio-sidecar",
			[http, mtls("DISABLE"), mtls("STRICT", "cart", {selector: {matchLabels: {app: "cart"}}})],
			[hard],
		],
		[
			"in ambient disabling is ignored",
			"istio-ambient",
			[http, mtls("DISABLE"), probes],
			[hard, "block CiliumPortsMissTunnel CiliumNetworkPolicy/shop/p"],
		],
		[
			"Linkerd's mTLS is no different",
			"linkerd",
			[http],
			[hard, "block CiliumPortsMissTunnel CiliumNetworkPolicy/shop/p"],
		],
		[
			"rules of L3 are none of a sidecar's business",
			"istio-sidecar",
			[rules({ingress: [{fromEndpoints: web}]})],
			[],
		],
		[
			"nor are ports, which sidecars keep",
			"istio-sidecar",
			[rules({ingress: [{fromEndpoints: web, toPorts: ports("8080")}]})],
			[],
		],
		[
			"DNS rules are the agent's own",
			"istio-sidecar",
			[
				rules({
					egress: [{toEndpoints: [{}], toPorts: [{...ports("53")[0], rules: {dns: [{matchPattern: "*"}]}}]}],
				}),
			],
			[],
		],
		[
			"ports without HBONE's drop what ambient sends",
			"istio-ambient",
			[rules({ingress: [{fromEndpoints: web, toPorts: ports("8080")}]}), probes],
			["block CiliumPortsMissTunnel CiliumNetworkPolicy/shop/p"],
		],
		[
			"with it they do not",
			"istio-ambient",
			[rules({ingress: [{fromEndpoints: web, toPorts: ports("8080", "15008")}]}), probes],
			[],
		],
		[
			"HBONE for other pods does not help",
			"istio-ambient",
			[
				rules({ingress: [{fromEndpoints: web, toPorts: ports("8080")}]}, {matchLabels: {app: "cart"}}),
				policy(CNP, "q", {
					endpointSelector: {matchLabels: {app: "cart"}},
					ingress: [{fromEndpoints: [{matchLabels: {app: "bank"}}], toPorts: ports("15008")}],
				}),
				probes,
			],
			["block CiliumPortsMissTunnel CiliumNetworkPolicy/shop/p"],
		],
		[
			"HBONE for every pod and caller does",
			"istio-ambient",
			[
				rules({ingress: [{fromEndpoints: web, toPorts: ports("8080")}]}, {matchLabels: {app: "cart"}}),
				policy(CNP, "q", {endpointSelector: {}, ingress: [{toPorts: ports("15008")}]}),
				probes,
			],
			[],
		],
		[
			"a denial by port stops denying",
			"istio-ambient",
			[
				rules({
					ingressDeny: [{fromEndpoints: web, toPorts: ports("8080")}],
					enableDefaultDeny: {ingress: false},
				}),
			],
			["block CiliumDenyMissesTunnel CiliumNetworkPolicy/shop/p"],
		],
		[
			"Linkerd has a port of its own",
			"linkerd",
			[rules({ingressDeny: [{toPorts: ports("8080")}]})],
			["block CiliumDenyMissesTunnel CiliumNetworkPolicy/shop/p"],
		],
		[
			"a denial of peers goes on",
			"istio-ambient",
			[rules({ingressDeny: [{fromEndpoints: web}], enableDefaultDeny: {ingress: false}})],
			[],
		],
		[
			"what goes outside of the cluster is no HBONE",
			"istio-ambient",
			[rules({egress: [{toFQDNs: [{matchName: "api.example"}], toPorts: ports("443")}]})],
			[],
		],
		[
			"pods that are closed refuse ambient's probes",
			"istio-ambient",
			[rules({ingress: [{fromEndpoints: web}]})],
			["block CiliumRefusesProbes CiliumNetworkPolicy/shop/p"],
		],
		[
			"unless their address is admitted to all pods",
			"istio-ambient",
			[rules({ingress: [{fromEndpoints: web}]}), probes],
			[],
		],
		[
			"a policy that closes nothing refuses nothing",
			"istio-ambient",
			[rules({ingress: [{fromEndpoints: web}], enableDefaultDeny: {ingress: false}})],
			[],
		],
		[
			"an Envoy configuration is skipped by callers in the mesh",
			"istio-sidecar",
			[policy("CiliumEnvoyConfig", "c", {services: [{name: "cart"}]})],
			["block CiliumEnvoyConfigSkipped CiliumEnvoyConfig/shop/c"],
		],
	]
	test.each(cases)("%s (%s)", (_, mesh, objects, wanted) => {
		expect(under(mesh, ...objects)).toEqual(wanted)
	})

	test("what Cilium admits to all pods a NetworkPolicy does not refuse to ambient's probes", () => {
		const probed = deployment("cart")
		const closed = networkPolicy("closed", {podSelector: {}, policyTypes: ["Ingress"]})
		const found = (...objects: KubeObject[]) =>
			brief(networkPolicyHazards(snapshotOf([...network, probed, closed, ...objects]), {namespace: "shop"}))
		expect(found()).toEqual(["block NetworkPolicyBlocksHBONE Deployment/shop/cart"])
		expect(found(probes)).toEqual([])
	})

	test("enable-policy: always closes every pod", () => {
		const always = ciliumAgents({flags: {...fitForMeshes, "enable-policy": "always"}})
		const found = underMesh(snapshotOf([...always, cart]), "shop", "istio-ambient")
		expect(brief(found)).toEqual(["block CiliumRefusesProbes"])
	})

	test("a namespace in Cilium's ztunnel would be captured twice", () => {
		const both = [
			...ciliumAgents({flags: {"enable-ztunnel": "true"}}),
			namespace("shop", {"io.cilium/mtls-enabled": "true"}),
		]
		const found = underMesh(snapshotOf([...both, cart]), "shop", "istio-ambient")
		expect(brief(found)).toEqual(["block ZtunnelOfCiliumEnrolled Namespace/shop"])
	})

	test("another network has no rules of Cilium's", () => {
		expect(underMesh(snapshotOf([cart, http]), "shop", "istio-sidecar")).toEqual([])
	})

	test("clusterwide rules hold on GKE's network as well", () => {
		const wide = clusterwide("CiliumClusterwideNetworkPolicy", "p", {
			endpointSelector: {},
			ingressDeny: [{toPorts: ports("8080")}],
			enableDefaultDeny: {ingress: false},
		})
		const found = underMesh(snapshotOf([...dataplaneV2(), cart, wide]), "shop", "istio-ambient")
		expect(brief(found)).toEqual(["block CiliumDenyMissesTunnel CiliumClusterwideNetworkPolicy/p"])
	})
})
