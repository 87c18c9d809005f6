import {describe, expect, test} from "vitest"
import {inUse} from "../../in-use.ts"
import {serviceHazards} from "../../service-hazards.ts"
import type {KubeObject} from "../../snapshot/object.ts"
import {snapshotOf} from "../../snapshot/snapshot.ts"
import {app, deployment, networkPolicy, pod, policy, service, sidecarPod} from "../../testing/builders.ts"
import {brief} from "../../testing/cases.ts"
import {probeHazards} from "./probes.ts"
import {serverFirstPorts} from "./services.ts"

const usedBy = (...objects: KubeObject[]) =>
	inUse(snapshotOf(objects), "shop").features.map(({name, usedBy: [first]}) => `${name} by ${first}`)
const udp = {ports: [{port: 53, protocol: "UDP"}]}
const dns = networkPolicy("dns", {
	podSelector: {},
	policyTypes: ["Egress"],
	egress: [{ports: [{port: 53, protocol: "UDP"}]}, {to: [{ipBlock: {cidr: "203.0.113.0/24"}}]}],
})

describe("what Kubernetes' own objects make use of", () => {
	test.each([
		["a Service for UDP", [service("syslog", udp)], ["UDPCapture by Service/shop/syslog"]],
		[
			"a workload with a UDP port and no Service",
			[
				deployment("syslog", {
					template: {spec: {containers: [{...app, ports: [{containerPort: 514, protocol: "UDP"}]}]}},
				}),
			],
			["UDPCapture by Deployment/shop/syslog"],
		],
		["asking DNS is no use of UDP, and a NetworkPolicy's egress none of names", [pod("cart"), dns], []],
		[
			"trafficDistribution",
			[service("cart", {trafficDistribution: "PreferClose"} as object)],
			["ZoneAwareLoadBalancing by Service/shop/cart"],
		],
		[
			"hints of topology",
			[service("cart", {annotations: {"service.kubernetes.io/topology-mode": "Auto"}})],
			["ZoneAwareLoadBalancing by Service/shop/cart"],
		],
		[
			"hints that are off",
			[service("cart", {annotations: {"service.kubernetes.io/topology-aware-hints": "disabled"}})],
			[],
		],
		["an ordinary Service", [service("cart")], []],
	] as const)("%s", (_, objects, wanted) => {
		expect(usedBy(...objects)).toEqual(wanted)
	})

	test("UDP stays with the container network, wherever the namespace goes", () => {
		const [use] = inUse(snapshotOf([service("syslog", udp)]), "shop").features
		expect(use).toMatchObject({name: "UDPCapture", carrier: "cni"})
	})
})

describe("sessionAffinity ClientIP", () => {
	const sticky = service("cart", {sessionAffinity: "ClientIP"} as object)
	const hazard = ["accept ClientIPAffinityIgnored Service/shop/cart"]
	test.each([
		["is lost by pods that enter a mesh", [pod("cart"), sticky], hazard],
		["is lost already by pods in one", [sidecarPod("cart"), sticky], []],
		["is lost by those that are not yet", [sidecarPod("cart"), pod("web"), sticky], hazard],
		["counts where no pod is seen", [sticky], hazard],
		[
			"means nothing without an address of the Service",
			[pod("cart"), {...sticky, spec: {...sticky.spec, clusterIP: "None"}}],
			[],
		],
	] as const)("%s", (_, objects, wanted) => {
		expect(brief(serviceHazards(snapshotOf(objects), "shop"))).toEqual(wanted)
	})
})

describe("Jobs and their sidecars", () => {
	const owner = {kind: "Job", name: "once"}
	const sidecar = {name: "istio-proxy"}
	const ended = (names: readonly string[], init: readonly string[] = []) => {
		const built = pod("once-x", {
			owner,
			containers: names.map((name) => ({name})),
			init: init.map((name) => ({name})),
		})
		const containerStatuses = names.map((name) => ({
			name,
			state: name === sidecar.name ? {running: {}} : {terminated: {exitCode: 0}},
		}))
		return {...built, status: {...built.status, containerStatuses}}
	}
	const reasonsOf = (one: KubeObject) => brief(inUse(snapshotOf([one]), "shop").reasons)

	test("work that has ended while a plain sidecar runs on holds the Job", () => {
		expect(reasonsOf(ended(["app", "istio-proxy"]))).toEqual(["info JobHeldBySidecar Pod/shop/once-x"])
	})

	test.each([
		["a native sidecar does not hold it", ended(["app"], ["istio-proxy"])],
		["nor does one whose work goes on", pod("once-x", {owner, containers: [app, sidecar]})],
		[
			"nor is a pod of no Job meant",
			{...ended(["app", "istio-proxy"]), metadata: {name: "p", namespace: "shop"}},
		],
	])("%s", (_, one) => {
		expect(reasonsOf(one)).toEqual([])
	})
})

describe("probes under strict mTLS", () => {
	const strict = policy("PeerAuthentication", "default", {mtls: {mode: "STRICT"}})
	const off = {"sidecar.istio.io/rewriteAppHTTPProbers": "false"}
	const probed = (probe: object, annotations = off) =>
		deployment("cart", {
			template: {metadata: {annotations}, spec: {containers: [{...app, readinessProbe: probe}]}},
		})
	const hazard = ["accept ProbesRefusedByStrictMTLS Deployment/shop/cart"]
	test.each([
		["HTTP probes that are not rewritten", [probed({httpGet: {}}), strict], hazard],
		["gRPC probes too", [probed({grpc: {}}), strict], hazard],
		["an exec probe does not cross the network", [probed({exec: {}}), strict], []],
		["a TCP probe is answered by the sidecar", [probed({tcpSocket: {}}), strict], []],
		["a permissive sidecar lets them pass", [probed({httpGet: {}})], []],
		["rewritten ones go through the agent", [deployment("cart"), strict], []],
	] as const)("%s", (_, objects, wanted) => {
		expect(brief(probeHazards(snapshotOf(objects), "shop"))).toEqual(wanted)
	})
})

test("the server speaks first on ports of well-known protocols over TCP", () => {
	const ports = [
		{port: 25, name: "mail"},
		{port: 3306, protocol: "TCP", appProtocol: "mysql"},
		{port: 21, protocol: "UDP"},
		{port: 80},
	]
	expect(serverFirstPorts(service("s", {ports}))).toEqual([
		{port: 25, protocol: "SMTP", name: "mail"},
		{port: 3306, protocol: "MySQL", appProtocol: "mysql"},
	])
})
