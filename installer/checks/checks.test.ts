import {describe, expect, test} from "vitest"
import {nodes} from "../../operator/plan/testing/cluster.ts"
import {meshProfile} from "../../operator/plan/testing/profile.ts"
import * as kinds from "../../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../../profiles/snapshot/object.ts"
import {snapshotOf} from "../../profiles/snapshot/snapshot.ts"
import {
	ambientPod,
	daemonSet,
	deployment,
	namespace,
	node,
	pod,
	sidecarPod,
	webhook,
} from "../../profiles/testing/builders.ts"
import {ambientAgents, istiod} from "../../profiles/testing/istio.ts"
import {checks} from "./catalogue.ts"
import {notRunLive} from "./live.ts"
import {reportOf} from "./report.ts"
import {type Looking, runPure} from "./run.ts"

const now = new Date("2026-11-22T00:00:00Z")

function look(objects: readonly object[], rest: Partial<Looking> = {}) {
	const snapshot = rest.snapshot ?? snapshotOf(objects as KubeObject[])
	const results = runPure({snapshot, profiles: [], fromCluster: false, now, ...rest})
	return (id: string) => {
		const found = results.find((one) => one.id === id)
		if (found === undefined) throw new Error(`no check ${id}`)
		return found
	}
}

const object = (apiVersion: string, kind: string, metadata: object, rest: object = {}): KubeObject =>
	({apiVersion, kind, metadata, ...rest}) as KubeObject

const kernel = (name: string, kernelVersion: string) => ({
	...node(name),
	status: {...node(name).status, nodeInfo: {kubeletVersion: "v1.36.3", kernelVersion}},
})

const ciliumConfig = (data: Record<string, string>) =>
	object("v1", "ConfigMap", {name: "cilium-config", namespace: "kube-system"}, {data})
const cilium = daemonSet("cilium", {namespace: "kube-system"})

const quota = object(
	"v1",
	"ResourceQuota",
	{name: "q", namespace: "shop"},
	{status: {hard: {pods: "2"}, used: {pods: "2"}}},
)

const cases: readonly {
	readonly name: string
	readonly id: string
	readonly objects: readonly object[]
	readonly state: "passed" | "failed" | "notRun"
	readonly says?: string
}[] = [
	{name: "a current Kubernetes", id: "kubernetes-version", objects: nodes(), state: "passed", says: "1.36.3"},
	{
		name: "an old Kubernetes",
		id: "kubernetes-version",
		objects: [node("n1", {kubelet: "v1.27.4"})],
		state: "failed",
		says: "1.27.4",
	},
	{name: "no node to tell it by", id: "kubernetes-version", objects: [], state: "notRun"},
	{
		name: "a kubelet four versions behind",
		id: "kubelet-skew",
		objects: [node("n1"), node("n2", {kubelet: "v1.32.1"})],
		state: "failed",
		says: "kubelet of n2 is 1.32.1",
	},
	{
		name: "a kubelet three versions behind",
		id: "kubelet-skew",
		objects: [node("n1"), node("n2", {kubelet: "v1.33.1"})],
		state: "passed",
	},
	{
		name: "an old kernel",
		id: "kernel-version",
		objects: [kernel("n1", "5.4.0-100-generic")],
		state: "failed",
		says: "5.4.0",
	},
	{name: "a new kernel", id: "kernel-version", objects: [kernel("n1", "6.1.0-rc1")], state: "passed"},
	{name: "nodes that tell no kernel", id: "kernel-version", objects: nodes(), state: "notRun"},
	{
		name: "a node that is not ready",
		id: "nodes-ready",
		objects: [{...node("n1"), status: {conditions: [{type: "Ready", status: "Unknown"}]}}],
		state: "failed",
	},
	{name: "no CRD was read", id: "gateway-api-crds", objects: nodes(), state: "notRun"},
	{
		name: "CRDs without the Gateway API's",
		id: "gateway-api-crds",
		objects: [object("apiextensions.k8s.io/v1", "CustomResourceDefinition", {name: "x.example"})],
		state: "failed",
	},
	{
		name: "Istio on a Kubernetes beyond its window",
		id: "version-not-tested",
		objects: [node("n1", {kubelet: "v1.37.0"}), ...istiod()],
		state: "failed",
		says: "1.37.0",
	},
	{name: "no dataplane at all", id: "version-conflict", objects: nodes(), state: "notRun"},
	{
		name: "proxies ahead of istiod",
		id: "proxy-leads-control-plane",
		objects: [...istiod({version: "1.30.5"}), sidecarPod("a")],
		state: "failed",
		says: "1.31.1",
	},
	{
		name: "an exclusive Cilium beside Istio's plugin",
		id: "cilium-exclusive",
		objects: [cilium, ciliumConfig({"cni-exclusive": "true"}), ...ambientAgents()],
		state: "failed",
	},
	{
		name: "an exclusive Cilium alone",
		id: "cilium-exclusive",
		objects: [cilium, ciliumConfig({"cni-exclusive": "true"})],
		state: "passed",
	},
	{
		name: "a Cilium whose flags are not to be seen",
		id: "cilium-exclusive",
		objects: [cilium],
		state: "notRun",
	},
	{
		name: "socket load balancing inside of pods",
		id: "cilium-socket-lb",
		objects: [cilium, ciliumConfig({"kube-proxy-replacement": "true"}), ...istiod()],
		state: "failed",
	},
	{
		name: "socket load balancing on the host only",
		id: "cilium-socket-lb",
		objects: [
			cilium,
			ciliumConfig({"kube-proxy-replacement": "true", "bpf-lb-sock-hostns-only": "true"}),
			...istiod(),
		],
		state: "passed",
	},
	{
		name: "BPF masquerading with ambient",
		id: "cilium-masquerade",
		objects: [cilium, ciliumConfig({"enable-bpf-masquerade": "true"}), ...ambientAgents()],
		state: "failed",
	},
	{
		name: "an injector without a certificate",
		id: "webhook-certificate",
		objects: [
			webhook("istio-sidecar-injector", {service: {name: "istiod", namespace: "istio-system"}, caBundle: ""}),
		],
		state: "failed",
		says: "no certificate authority",
	},
	{
		name: "an injector whose Service is gone",
		id: "webhook-backend",
		objects: [webhook("istio-sidecar-injector", {service: {name: "istiod", namespace: "istio-system"}})],
		state: "failed",
		says: "not there",
	},
	{
		name: "an injector of a control plane outside",
		id: "webhook-backend",
		objects: istiod({external: true}),
		state: "passed",
	},
	{
		name: "injectors of two meshes",
		id: "webhook-order",
		objects: [webhook("istio-sidecar-injector", {}), webhook("linkerd-proxy-injector-webhook-config", {})],
		state: "failed",
		says: "istio-sidecar-injector, linkerd",
	},
	{
		name: "a control plane that is down",
		id: "dataplane-health",
		objects: [...nodes(), ...istiod({available: false})],
		state: "failed",
		says: "no available replica",
	},
	{
		name: "a healthy control plane",
		id: "dataplane-health",
		objects: [...nodes(), ...istiod()],
		state: "passed",
	},
	{
		name: "both of Istio's labels",
		id: "injection-labels",
		objects: [namespace("shop", {"istio-injection": "enabled", "istio.io/rev": "x"})],
		state: "failed",
		says: "istio.io/rev=x is ignored",
	},
	{
		name: "sidecar and ambient on one namespace",
		id: "double-enrolment",
		objects: [
			...nodes(),
			...istiod({ambient: true}),
			...ambientAgents(["n1", "n2"]),
			namespace("shop", {"istio-injection": "enabled", "istio.io/dataplane-mode": "ambient"}),
		],
		state: "failed",
		says: "istio-sidecar and istio-ambient",
	},
	{
		name: "a pod captured twice",
		id: "pod-captured-twice",
		objects: [sidecarPod("a", {annotations: {"ambient.istio.io/redirection": "enabled"}})],
		state: "failed",
	},
	{
		name: "a pod that is not accepted",
		id: "pod-pending",
		objects: [ambientPod("a", {redirection: "pending"})],
		state: "failed",
	},
	{
		name: "a copied annotation",
		id: "pod-broken",
		objects: [pod("a", {annotations: {"sidecar.istio.io/status": "{}"}})],
		state: "failed",
	},
	{name: "no pod at all", id: "pod-captured-twice", objects: nodes(), state: "notRun"},
	{
		name: "a quota that is used up",
		id: "quota-room",
		objects: [namespace("shop"), deployment("cart"), quota],
		state: "failed",
		says: "ResourceQuota q",
	},
	{
		name: "a budget that allows nothing",
		id: "disruption-budget",
		objects: [
			namespace("shop"),
			deployment("cart"),
			object(
				"policy/v1",
				"PodDisruptionBudget",
				{name: "b", namespace: "shop"},
				{spec: {selector: {matchLabels: {app: "cart"}}, maxUnavailable: 0}},
			),
		],
		state: "failed",
	},
	{
		name: "a LimitRange below a sidecar",
		id: "limit-range",
		objects: [
			...istiod(),
			namespace("shop"),
			object(
				"v1",
				"LimitRange",
				{name: "l", namespace: "shop"},
				{spec: {limits: [{type: "Container", max: {cpu: "50m"}}]}},
			),
		],
		state: "failed",
		says: "50m",
	},
	{
		name: "nodes that tell no capacity",
		id: "node-capacity",
		objects: [...nodes(), namespace("shop"), deployment("cart")],
		state: "notRun",
	},
	{name: "no profile", id: "profile-honoured", objects: [namespace("shop")], state: "notRun"},
]

describe("each check says what it saw", () => {
	test.each(cases)("$id: $name", ({id, objects, state, says}) => {
		const result = look(objects)(id)
		expect(result.state, JSON.stringify(result)).toBe(state)
		if (says !== undefined)
			expect([result.evidence, ...result.findings.map(({message}) => message)].join("\n")).toContain(says)
	})
})

test("a node without room for one more pod is found, one with room is not", () => {
	const sized = (cpu: string) => ({
		...node("n1"),
		status: {...node("n1").status, allocatable: {cpu, memory: "1Gi", pods: "110"}},
	})
	const big = deployment("cart", {
		template: {spec: {containers: [{name: "app", resources: {requests: {cpu: "2", memory: "64Mi"}}}]}},
	})
	expect(look([sized("4"), namespace("shop"), big])("node-capacity").state).toBe("passed")
	expect(look([sized("1"), namespace("shop"), big])("node-capacity").findings[0]?.message).toContain("2000m")
})

test("a profile that cannot be honoured, and one that decides for nothing", () => {
	const profiles = [meshProfile({mode: "Sidecar", provider: "istio-sidecar"})]
	const on = look([...nodes(), namespace("shop", {team: "payments"})], {profiles})
	expect(on("profile-honoured").findings[0]?.message).toContain("DataplaneNotInstalled")
	expect(look(nodes(), {profiles})("profile-selects").state).toBe("failed")
})

test("what could not be read is not judged, and reading everything is a check of its own", () => {
	const unknown = new Set([kinds.Pod.id])
	const on = look([], {snapshot: snapshotOf(nodes(), unknown)})
	expect(on("pod-captured-twice")).toMatchObject({state: "notRun", evidence: "Pod could not be read"})
	expect(on("evidence-readable").findings).toEqual([{message: "Pod cannot be listed"}])
})

test("ids are unique, and every check has a page, a fix of one line and a title without a full stop", () => {
	expect(new Set(checks.map(({id}) => id)).size).toBe(checks.length)
	for (const {id, fix, title, doc} of checks) {
		expect(id).toMatch(/^[a-z][a-z0-9-]+$/)
		expect([fix.includes("\n"), title.endsWith("."), doc.length > 40]).toEqual([false, false, true])
	}
})

test("errors fail the report, warnings only when it is strict, and live checks are never passed offline", () => {
	const broken = runPure({
		snapshot: snapshotOf([node("n1", {kubelet: "v1.27.4"})] as KubeObject[]),
		profiles: [],
		fromCluster: false,
		now,
	})
	expect(reportOf({source: "files", strict: false, results: broken}).ok).toBe(false)
	const warned = runPure({
		snapshot: snapshotOf([node("n1"), node("n2", {kubelet: "v1.32.0"})] as KubeObject[]),
		profiles: [],
		fromCluster: false,
		now,
	})
	const results = [...warned, ...notRunLive("no cluster")]
	expect(reportOf({source: "files", strict: false, results}).ok).toBe(true)
	const strict = reportOf({source: "files", strict: true, results})
	expect([strict.ok, strict.checks.length]).toEqual([false, checks.length])
	expect(strict.checks.filter(({group}) => group === "Heddle").map(({state}) => state)).toEqual([
		"notRun",
		"notRun",
		"notRun",
	])
})
