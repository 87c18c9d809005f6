import {describe, expect, it} from "vitest"
import type {KubeObject} from "../../../profiles/snapshot/object.ts"
import {pod, policy} from "../../../profiles/testing/builders.ts"
import type {BindingStatus} from "./record.ts"
import {nextStatus} from "./status.ts"
import {change} from "./testing/act.ts"
import type {SimCluster} from "./testing/cluster.ts"
import {live} from "./testing/live.ts"
import {observed} from "./testing/reconcile.ts"
import {type Scene, scene, shop} from "./testing/scenes.ts"
import {breachesOf} from "./watched.ts"

type Binding = KubeObject & {readonly status?: BindingStatus; readonly spec?: object}
const bindingOf = (cluster: SimCluster) => cluster.find("MeshBinding/shop/mesh") as Binding

/** A namespace that a whole migration has brought to where it is. */
function arrived(mode: "Sidecar" | "Sidecarless", given: Partial<Scene> = {}): SimCluster {
	const cluster = scene({mode, spec: {migration: {waves: {soak: "0s"}}}, ...given})
	live({cluster, namespace: shop})
	return cluster
}

/** What the operator finds when it looks next, before it does anything. */
function found(cluster: SimCluster) {
	const status = bindingOf(cluster).status ?? {}
	const observation = observed({cluster, namespace: shop}, status)
	const breaches = breachesOf(observation, status).map(
		({invariant, object, message}) => `${invariant} ${object}: ${message}`,
	)
	const conditions = nextStatus(observation, status, cluster.now).conditions ?? []
	const said = (type: string) => {
		const one = conditions.find((condition) => condition.type === type)
		return `${one?.status} ${one?.reason}`
	}
	return {breaches, said}
}

const strict = {spec: {mtls: "Strict", migration: {waves: {soak: "0s"}}}} as const

const shopPod = (cluster: SimCluster) =>
	cluster.objects.find(({kind, metadata}) => kind === "Pod" && metadata.namespace === shop) as KubeObject

/** As after a node's reboot: the mark of the agent is gone, the pod runs on. */
function loseRedirection(cluster: SimCluster): void {
	const one = shopPod(cluster)
	const {"ambient.istio.io/redirection": _, ...annotations} = one.metadata.annotations ?? {}
	cluster.put({...one, metadata: {...one.metadata, annotations}})
}

describe("a namespace that has arrived", () => {
	it("is watched from then on, and nothing is amiss", () => {
		const cluster = arrived("Sidecarless")
		expect(bindingOf(cluster).status?.watched).toMatchObject({dataplane: "istio-ambient"})
		expect(found(cluster).breaches).toEqual([])
		expect(found(cluster).said("WorkloadsEnrolled")).toBe("True Enrolled")
	})

	it("tells of a pod that lost its redirection, and makes its workload's pods anew", () => {
		const cluster = arrived("Sidecarless")
		loseRedirection(cluster)
		const {breaches, said} = found(cluster)
		expect(breaches).toEqual([
			expect.stringMatching(
				/^captured Pod\/shop\/cart-\S+: It is on none, not on istio-ambient: .* Its workload is rolled anew\.$/,
			),
		])
		expect(said("WorkloadsEnrolled")).toBe("False CaptureLost")
		live({cluster, namespace: shop})
		expect(found(cluster).breaches).toEqual([])
		expect(bindingOf(cluster).status?.history?.map(({state}) => state)).toEqual(["Succeeded", "Succeeded"])
	})

	it("tells of an agent that is not ready on the pod's node, which nobody repairs from here", () => {
		const cluster = arrived("Sidecarless")
		const {nodeName} = (shopPod(cluster) as {spec?: {nodeName?: string}}).spec ?? {}
		const agent = cluster.objects.find(
			(one) =>
				one.kind === "Pod" &&
				one.metadata.name.startsWith("ztunnel") &&
				(one as {spec?: {nodeName?: string}}).spec?.nodeName === nodeName,
		)
		if (agent === undefined) throw new Error("the scene has no ztunnel there")
		cluster.put({...agent, status: {conditions: [{type: "Ready", status: "False"}]}} as KubeObject)
		expect(found(cluster).breaches[0]).toMatch(
			/^captured .*Nothing carries its traffic now.*look at the agent/,
		)
	})

	it("tells of an unmeshed pod where plaintext is refused, and leaves a bare one to people", () => {
		const cluster = arrived("Sidecar", strict)
		cluster.put(pod("lonely", {namespace: shop, node: "n1"}))
		const {breaches, said} = found(cluster)
		expect(breaches).toEqual([
			expect.stringMatching(/^strict Pod\/shop\/lonely: It is in no mesh, .* That is left to a person/),
		])
		expect(said("WorkloadsEnrolled")).toBe("False Unmeshed")
		expect(said("EnforcementVerified")).toBe("False NotVerified")
		live({cluster, namespace: shop})
		expect(cluster.find("Pod/shop/lonely")).toBeDefined()
	})

	it("tells of a label of the namespace that drifted, and sets it again", () => {
		const cluster = arrived("Sidecarless")
		change(cluster, "Namespace/shop", (object) => {
			const {"istio.io/dataplane-mode": _, ...labels} = object.metadata.labels ?? {}
			cluster.put({...object, metadata: {...object.metadata, labels}})
		})
		const {breaches, said} = found(cluster)
		expect(breaches[0]).toContain(
			"declared Namespace/shop: Its keys lead the next pods elsewhere: istio.io/dataplane-mode ought to be ambient",
		)
		expect(said("WorkloadsEnrolled")).toBe("False Drifted")
		live({cluster, namespace: shop})
		expect(found(cluster).breaches).toEqual([])
	})

	it("says nothing while it is to be somewhere else, or goes back", () => {
		const cluster = arrived("Sidecarless")
		loseRedirection(cluster)
		change(cluster, "MeshProfile/payments", (object) => {
			const {spec} = object as {spec?: object}
			cluster.put({...object, spec: {...spec, dataplane: {mode: "Sidecar"}}} as KubeObject)
		})
		expect(found(cluster).breaches).toEqual([])
		const other = arrived("Sidecarless")
		loseRedirection(other)
		change(other, "MeshBinding/shop/mesh", (object) => {
			other.put({...object, spec: {target: "Previous"}} as KubeObject)
		})
		expect(found(other).breaches).toEqual([])
	})

	it("says nothing of policies where none is in use", () => {
		const cluster = arrived("Sidecarless")
		loseRedirection(cluster)
		expect(found(cluster).said("EnforcementVerified")).toBe("Unknown NoEvidence")
		cluster.put(policy("PeerAuthentication", "default", {mtls: {mode: "STRICT"}}))
		expect(found(cluster).said("EnforcementVerified")).toBe("False NotVerified")
	})
})

it("a namespace that has not arrived yet is not watched", () => {
	const cluster = scene({mode: "Sidecar"})
	live({cluster, namespace: shop}, () => bindingOf(cluster)?.status?.migration !== undefined)
	expect(bindingOf(cluster).status?.watched).toBeUndefined()
})
