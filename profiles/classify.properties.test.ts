import fc from "fast-check"
import {describe, expect, test} from "vitest"
import {classify} from "./classify.ts"
import type {Evidence} from "./dataplane.ts"
import {isMosn} from "./foreign.ts"
import {annotationOf, containersOf, initContainersOf, isReady, proxyOf} from "./pods.ts"
import {dataplanes} from "./registry.ts"
import type {Pod} from "./snapshot/shapes.ts"
import {snapshotOf} from "./snapshot/snapshot.ts"
import {namespace, sidecarPod} from "./testing/builders.ts"
import {ambientAgents, istiod} from "./testing/istio.ts"
import {kmeshAgents} from "./testing/kmesh.ts"
import {linkerdControlPlane} from "./testing/linkerd.ts"
import {anyPod} from "./testing/pod-arbitrary.ts"

/** Every mesh is installed, its agents on the node n1 alone. */
const world = snapshotOf([
	namespace("shop"),
	...istiod({ambient: true}),
	...ambientAgents(["n1"]),
	...kmeshAgents(["n1"]),
	...linkerdControlPlane(),
])
const bare = snapshotOf([])

const classOf = (pod: Pod, snapshot = world) => classify(pod, snapshot, dataplanes)
const evidenceOf = (pod: Pod): ReadonlyMap<string, Evidence> =>
	new Map(classOf(pod).evidence.map(({dataplane, evidence}) => [dataplane, evidence]))
const always = (property: (pod: Pod) => void) => fc.assert(fc.property(anyPod, property), {numRuns: 500})

/** What of a pod's own object each dataplane must find before the pod may count as its own. */
const needs: Readonly<Record<string, (pod: Pod) => boolean>> = {
	"istio-sidecar": (pod) =>
		proxyOf(pod, "istio-proxy") !== undefined &&
		!isMosn(pod) &&
		annotationOf(pod, "sidecar.istio.io/status") !== undefined,
	mosn: (pod) => isMosn(pod) && annotationOf(pod, "sidecar.istio.io/status") !== undefined,
	linkerd: (pod) =>
		[...containersOf(pod.spec), ...initContainersOf(pod.spec)].some(({name}) => name === "linkerd-proxy"),
	"istio-ambient": (pod) => annotationOf(pod, "ambient.istio.io/redirection") === "enabled",
	kmesh: (pod) => annotationOf(pod, "kmesh.net/redirection") === "enabled",
	"gke-ambient": (pod) => annotationOf(pod, "ambient.networking.gke.io/redirection") === "enabled",
}

describe("whatever a pod says of itself", () => {
	test("it is in a dataplane only by what that dataplane leaves in it", () => {
		always((pod) => {
			for (const [dataplane, {state}] of evidenceOf(pod)) {
				if (state === "in") expect([dataplane, needs[dataplane]?.(pod)]).toEqual([dataplane, true])
			}
		})
	})

	test("two captures are a conflict, and one is not", () => {
		always((pod) => {
			const {dataplane, evidence, counted, ready} = classOf(pod)
			const captures = evidence.filter((one) => one.evidence.state !== "broken")
			expect(dataplane === "conflict").toBe(counted && captures.length > 1)
			if (dataplane === "conflict" || dataplane === "pending") expect(ready).toBe(false)
		})
	})

	test("it is ready only when the pod is, and what carries its traffic is as well", () => {
		always((pod) => {
			const {dataplane, ready, evidence} = classOf(pod)
			if (!ready) return
			expect(isReady(pod)).toBe(true)
			const own = evidence.find((one) => one.dataplane === dataplane)
			expect(own?.evidence.ready ?? true).toBe(true)
		})
	})

	test("annotations that anybody can copy prove nothing without an agent on the node", () => {
		always((pod) => {
			const copied = {...pod, spec: {...pod.spec, containers: [{name: "app"}], initContainers: []}}
			const moved = {...copied, spec: {...copied.spec, nodeName: "n2"}}
			for (const found of [classOf(copied, bare), classOf(moved)]) {
				if (found.counted && found.dataplane !== "none") expect(found.ready).toBe(false)
			}
		})
	})

	test("marks without a capture leave it in no mesh, and are named", () => {
		always((pod) => {
			const {counted, dataplane, evidence, detail} = classOf(pod)
			const broken = evidence.filter((one) => one.evidence.state === "broken")
			if (!counted || broken.length === 0 || broken.length < evidence.length) return
			expect(dataplane).toBe("none")
			for (const one of broken) expect(detail).toContain(one.evidence.detail)
		})
	})

	test("it counts unless it ends, has ended, or is on the host's network", () => {
		always((pod) => {
			const ended = pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed"
			const outside = pod.metadata.deletionTimestamp !== undefined || ended || pod.spec?.hostNetwork === true
			expect(classOf(pod).counted).toBe(!outside)
		})
	})

	test("the labels of its template or its namespace do not put it anywhere", () => {
		always((pod) => {
			const asked = {
				...pod,
				metadata: {name: "p", namespace: "shop", labels: pod.metadata.labels ?? {}},
				spec: {...pod.spec, containers: [{name: "app"}], initContainers: []},
			}
			const found = classOf(asked)
			if (found.counted) expect(found.dataplane).toBe("none")
		})
	})

	test("a native sidecar's readiness is read where the kubelet writes it", () => {
		fc.assert(
			fc.property(fc.boolean(), fc.boolean(), fc.boolean(), (ready, proxyReady, elsewhere) => {
				const pod = sidecarPod("p", {ready, containerReady: {"istio-proxy": proxyReady}})
				const lying = {name: "istio-proxy", ready: elsewhere}
				const status = {...pod.status, containerStatuses: [...(pod.status?.containerStatuses ?? []), lying]}
				expect(classOf({...pod, status}).ready).toBe(ready && proxyReady)
			}),
		)
	})

	test("the answer is the same each time, and in words", () => {
		always((pod) => {
			expect(classOf(pod)).toEqual(classOf(structuredClone(pod)))
			expect(classOf(pod).detail).toMatch(/\.$/)
		})
	})
})
