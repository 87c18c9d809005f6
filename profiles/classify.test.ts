import fc from "fast-check"
import {describe, expect, test} from "vitest"
import {classify} from "./classify.ts"
import {dataplanes} from "./registry.ts"
import type {Pod} from "./snapshot/shapes.ts"
import {snapshotOf} from "./snapshot/snapshot.ts"
import {ambientPod, app, pod, sidecarPod} from "./testing/builders.ts"
import {ambientAgents} from "./testing/istio.ts"

const snapshot = snapshotOf(ambientAgents(["n1"]))
const classOf = (one: Pod) => classify(one, snapshot, dataplanes)
const linkerd = {name: "linkerd-proxy"}
const proxy = {name: "istio-proxy", image: "registry.istio.io/release/proxyv2:1.31.1"}

const cases: readonly (readonly [name: string, pod: Pod, dataplane: string, ready: boolean])[] = [
	["a plain pod is in no mesh", pod("a"), "none", true],
	["a pod that is not Ready is not ready, whatever carries it", pod("a", {ready: false}), "none", false],
	["a native sidecar is found among the init containers", sidecarPod("a"), "istio-sidecar", true],
	["a sidecar beside the app is found too", sidecarPod("a", {native: false}), "istio-sidecar", true],
	[
		"a native sidecar's readiness is that of its init status",
		sidecarPod("a", {containerReady: {"istio-proxy": false}}),
		"istio-sidecar",
		false,
	],
	[
		"a copied annotation without the container is no sidecar",
		pod("a", {annotations: {"sidecar.istio.io/status": "{}"}}),
		"none",
		true,
	],
	[
		"a container without the injector's annotation is no sidecar",
		pod("a", {containers: [app, proxy]}),
		"none",
		true,
	],
	["a redirected pod on a node with ztunnel is in ambient", ambientPod("a"), "istio-ambient", true],
	["without ztunnel on its node it is not ready", ambientPod("a", {node: "n2"}), "istio-ambient", false],
	[
		"a pod that ztunnel has not accepted is pending",
		ambientPod("a", {redirection: "pending"}),
		"pending",
		false,
	],
	[
		"a sidecar that is redirected as well is captured twice",
		sidecarPod("a", {annotations: {"ambient.istio.io/redirection": "enabled"}}),
		"conflict",
		false,
	],
	[
		"a pending redirection beside a sidecar is a double capture too",
		sidecarPod("a", {annotations: {"ambient.istio.io/redirection": "pending"}}),
		"conflict",
		false,
	],
	[
		"a pod with a proxy of Linkerd that carries nothing is not taken for an unmeshed one",
		pod("a", {init: [linkerd]}),
		"linkerd",
		false,
	],
	[
		"a sidecar beside a foreign proxy is captured twice",
		sidecarPod("a", {init: [linkerd]}),
		"conflict",
		false,
	],
	[
		"MOSN is told from Istio's proxy by its image",
		sidecarPod("a", {image: "mosnio/proxyv2:v1.0.0-1.10.6"}),
		"mosn",
		true,
	],
	[
		"a terminating pod is not counted",
		sidecarPod("a", {deletionTimestamp: "2026-01-01T00:00:00Z"}),
		"unsupported",
		true,
	],
	["a finished pod is not counted", pod("a", {phase: "Succeeded", ready: false}), "unsupported", false],
	["a pod on the host's network is not counted", pod("a", {hostNetwork: true}), "unsupported", true],
	[
		"a waypoint's proxy is not a workload",
		pod("a", {labels: {"gateway.networking.k8s.io/gateway-name": "waypoint"}}),
		"unsupported",
		true,
	],
	[
		"an ingress gateway is not a workload",
		pod("a", {annotations: {"inject.istio.io/templates": "gateway"}}),
		"unsupported",
		true,
	],
	[
		"a proxy that runs as a router is not a workload",
		pod("a", {containers: [{...proxy, args: ["proxy", "router"]}]}),
		"unsupported",
		true,
	],
]

describe("classify", () => {
	test.each(cases)("%s", (_, one, dataplane, ready) => {
		const found = classOf(one)
		expect({dataplane: found.dataplane, ready: found.ready}).toEqual({dataplane, ready})
		expect(found.counted).toBe(dataplane !== "unsupported")
		expect(found.detail).not.toBe("")
	})

	test("the revision is that of the injector", () => {
		expect(classOf(sidecarPod("a", {revision: "1-30-5"})).revision).toBe("1-30-5")
	})

	test("a ztunnel pod that is there but not Ready carries nothing", () => {
		const down = snapshotOf(ambientAgents(["n1"], {readyNodes: 0}))
		expect(classify(ambientPod("a"), down, dataplanes).ready).toBe(false)
	})

	test("without a visible ztunnel pod nothing proves that ambient carries the traffic", () => {
		expect(classify(ambientPod("a"), snapshotOf([]), dataplanes).ready).toBe(false)
	})
})

const anyPod = fc.constantFrom(...cases.map(([, one]) => one))
const unrelated = fc.dictionary(
	fc.stringMatching(/^[a-z]{1,8}\.example\/[a-z]{1,8}$/),
	fc.stringMatching(/^[a-z0-9]{0,8}$/),
)

describe("properties of classify", () => {
	test("the order of containers does not matter", () => {
		fc.assert(
			fc.property(anyPod, (one) => {
				const turned = {
					...one,
					spec: {
						...one.spec,
						containers: [...(one.spec?.containers ?? [])].reverse(),
						initContainers: [...(one.spec?.initContainers ?? [])].reverse(),
					},
				}
				expect(classOf(turned).dataplane).toBe(classOf(one).dataplane)
			}),
		)
	})

	test("unrelated labels and annotations never change the class", () => {
		fc.assert(
			fc.property(anyPod, unrelated, unrelated, (one, labels, annotations) => {
				const marked = {
					...one,
					metadata: {
						...one.metadata,
						labels: {...labels, ...one.metadata.labels},
						annotations: {...annotations, ...one.metadata.annotations},
					},
				}
				expect(classOf(marked)).toEqual(classOf(one))
			}),
		)
	})

	test("a pod is never in two dataplanes: more than one capture is a conflict", () => {
		const redirections = fc.constantFrom(undefined, "enabled", "pending")
		const mark = (redirection: string | undefined) =>
			redirection === undefined ? {} : {"ambient.istio.io/redirection": redirection}
		fc.assert(
			fc.property(fc.boolean(), redirections, fc.boolean(), (sidecar, redirection, foreign) => {
				const options = {annotations: mark(redirection), init: foreign ? [linkerd] : []}
				const found = classOf(sidecar ? sidecarPod("a", options) : pod("a", options))
				const captures = [sidecar, redirection !== undefined, foreign].filter(Boolean).length
				expect(found.dataplane === "conflict").toBe(captures > 1)
			}),
		)
	})
})
