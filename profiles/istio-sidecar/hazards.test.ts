import {describe, expect, test} from "vitest"
import type {KubeObject} from "../snapshot/object.ts"
import {snapshotOf} from "../snapshot/snapshot.ts"
import {cronJob, daemonSet, deployment, job, namespace, node, policy, service} from "../testing/builders.ts"
import {brief, moveTo} from "../testing/cases.ts"
import {istioSidecar} from "./index.ts"

const canary = moveTo("istio-sidecar", {revision: "canary", tags: ["next"]})
const hazardsOf = (objects: readonly KubeObject[], move = moveTo("istio-sidecar")) =>
	brief(istioSidecar.hazards(snapshotOf(objects), move))
const modern = node("n1")
const old = node("n1", {kubelet: "v1.32.0"})
const init = {template: {spec: {initContainers: [{name: "migrate"}]}}}

describe("hazards of sidecars", () => {
	const cases: readonly (readonly [
		name: string,
		objects: readonly KubeObject[],
		wanted: readonly string[],
	])[] = [
		["an ordinary namespace has none", [modern, namespace("shop"), deployment("cart"), service("cart")], []],
		["Jobs end with native sidecars", [modern, job("once"), cronJob("nightly")], []],
		[
			"Jobs hang without",
			[old, job("once"), cronJob("nightly")],
			[
				"accept JobsHangWithoutNativeSidecars Job/shop/once",
				"accept JobsHangWithoutNativeSidecars CronJob/shop/nightly",
			],
		],
		[
			"unless the Job asks for a native one",
			[old, job("once", {template: {metadata: {annotations: {"sidecar.istio.io/nativeSidecar": "true"}}}})],
			[],
		],
		[
			"init containers lose the network without native sidecars",
			[old, deployment("cart", init)],
			["accept InitContainersWithoutNetwork Deployment/shop/cart"],
		],
		[
			"a server that speaks first has to say so",
			[modern, service("db", {ports: [{port: 3306}]})],
			["accept ServerFirstProtocol Service/shop/db"],
		],
		["by the name of the port", [modern, service("db", {ports: [{port: 3306, name: "tcp-db"}]})], []],
		["or by appProtocol", [modern, service("db", {ports: [{port: 3306, appProtocol: "tcp"}]})], []],
		[
			"UDP is not captured",
			[modern, service("dns", {ports: [{port: 53, protocol: "UDP"}]})],
			["info UDPNotCaptured Service/shop/dns"],
		],
		[
			"nor is the host's network",
			[modern, deployment("agent", {template: {spec: {hostNetwork: true}}})],
			["info HostNetworkNotCaptured Deployment/shop/agent"],
		],
		[
			"Pod Security forbids istio-init",
			[modern, namespace("shop", {"pod-security.kubernetes.io/enforce": "restricted"})],
			["block PodSecurityForbidsInit Namespace/shop"],
		],
		[
			"istio-cni does without",
			[
				modern,
				namespace("shop", {"pod-security.kubernetes.io/enforce": "restricted"}),
				daemonSet("istio-cni-node", {namespace: "istio-system"}),
			],
			[],
		],
		[
			"no pod overrides istio-injection: disabled",
			[modern, namespace("shop", {"istio-injection": "disabled"})],
			["block InjectionLabelConflict Namespace/shop"],
		],
		[
			"a policy on a Service is for waypoints",
			[modern, policy("AuthorizationPolicy", "p", {targetRefs: [{kind: "Service", name: "cart"}]})],
			["block TargetRefsIgnoredBySidecar AuthorizationPolicy/shop/p"],
		],
	]
	test.each(cases)("%s", (_, objects, wanted) => {
		expect(hazardsOf(objects)).toEqual(wanted)
	})

	test.each([
		[
			"istio-injection hides another revision",
			{"istio-injection": "enabled", "istio.io/rev": "canary"},
			true,
		],
		["a label of another revision wins over the pod's", {"istio.io/rev": "old"}, true],
		["the revision's own label fits", {"istio.io/rev": "canary"}, false],
		["one of its tags fits", {"istio.io/rev": "next"}, false],
	])("%s", (_, labels, conflicts) => {
		const found = hazardsOf([modern, namespace("shop", labels)], canary)
		expect(found).toEqual(conflicts ? ["block InjectionLabelConflict Namespace/shop"] : [])
	})
})
