import {describe, expect, it} from "vitest"
import {dataplanes} from "../../../profiles/registry.ts"
import type {KubeObject} from "../../../profiles/snapshot/object.ts"
import type {Pod} from "../../../profiles/snapshot/shapes.ts"
import {snapshotOf} from "../../../profiles/snapshot/snapshot.ts"
import {
	cronJob,
	daemonSet,
	deployment,
	job,
	namespace,
	pod,
	sidecarPod,
	statefulSet,
} from "../../../profiles/testing/builders.ts"
import {ambientAgents} from "../../../profiles/testing/istio.ts"
import {noKeys} from "../../plan/enrolment.ts"
import {type Workload, workloadsOf} from "../../plan/workloads/collect.ts"
import {isThere, type Question, type Rollout, rollout} from "./rollout.ts"

const inject = {"sidecar.istio.io/inject": "true"}
const patched = {template: {metadata: {labels: inject}}}
const now = Date.parse("2026-01-01T01:00:00Z")

/** Keys are missing where the label is. */
const missing: Question["missing"] = ({labels}) =>
	labels?.["sidecar.istio.io/inject"] === "true" ? noKeys : {labels: inject, annotations: {}}

function ask(objects: readonly KubeObject[], to: Question["to"] = {dataplane: "istio-sidecar"}): Rollout {
	const snapshot = snapshotOf([namespace("shop"), ...ambientAgents(), ...objects])
	const [workload] = workloadsOf(snapshot, "shop", dataplanes)
	return rollout({workload, missing, to, now})
}

type Status = Readonly<Record<string, unknown>>

const withStatus = <T extends KubeObject>(object: T, status: Status): T => ({
	...object,
	status: {...(object as T & {status?: object}).status, ...status},
})

const owned = (kind: string, name: string) => ({labels: {app: "x", ...inject}, owner: {kind, name}})
const cartPods = (count = 2): Pod[] =>
	Array.from({length: count}, (_, index) => sidecarPod(`cart-5d-${index}`, owned("ReplicaSet", "cart-5d")))

const cart = (status: Status = {}) => withStatus(deployment("cart", patched), status)
const db = (status: Status = {}, partition?: number) =>
	withStatus(
		statefulSet("db", {
			...patched,
			...(partition === undefined ? {} : {updateStrategy: {rollingUpdate: {partition}}}),
		}),
		status,
	)
const dbPods = [0, 1, 2].map((index) => sidecarPod(`db-${index}`, owned("StatefulSet", "db")))
const agent = (status: Status = {}) => withStatus(daemonSet("agent", {...patched, nodes: 2}), status)
const agentPods = [0, 1].map((index) => sidecarPod(`agent-${index}`, owned("DaemonSet", "agent")))

const update = {currentRevision: "r1", updateRevision: "r2"}

describe("where a roll stands, by the counters of its controller", () => {
	const cases: readonly (readonly [string, readonly KubeObject[], string, string])[] = [
		["a rolled Deployment", [cart(), ...cartPods()], "complete", "2 of 2 pods proven"],
		["unseen by its controller", [cart({observedGeneration: 0}), ...cartPods()], "waiting", "has not seen"],
		["updated, not yet available", [cart({availableReplicas: 1}), ...cartPods()], "waiting", "1 of 2"],
		["available, not yet updated", [cart({updatedReplicas: 0}), ...cartPods()], "waiting", "0 of 2"],
		["an old pod left", [cart({replicas: 3}), ...cartPods()], "waiting", "1 old pods"],
		["without counters", [{...cart(), status: {observedGeneration: 1}} as KubeObject], "waiting", "0 of 2"],
		[
			"refused by a quota, a LimitRange or a webhook",
			[
				cart({
					updatedReplicas: 0,
					conditions: [
						{
							type: "ReplicaFailure",
							status: "True",
							reason: "FailedCreate",
							message: "exceeded quota: small",
						},
					],
				}),
				...cartPods(),
			],
			"waiting",
			"its pods cannot be made: exceeded quota: small",
		],
		[
			"paused midway",
			[deployment("cart", {...patched, paused: true}), ...cartPods()],
			"waiting",
			"kubectl rollout resume",
		],
		["scaled to zero", [deployment("cart", {...patched, replicas: 0})], "complete", "0 of 0"],
		[
			"past its deadline",
			[
				cart({
					conditions: [
						{type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded", message: "m"},
					],
				}),
				...cartPods(),
			],
			"failed",
			"progress deadline is exceeded: m",
		],
		[
			"past the deadline of an earlier change",
			[
				cart({
					observedGeneration: 0,
					conditions: [{type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded"}],
				}),
			],
			"waiting",
			"has not seen",
		],
		["a rolled StatefulSet", [db(), ...dbPods], "complete", "3 of 3"],
		["a StatefulSet unseen", [db({observedGeneration: 0}), ...dbPods], "waiting", "has not seen"],
		[
			"none updated, none let go",
			[db({...update, updatedReplicas: 0}, 3), ...dbPods],
			"waiting",
			"db-2 is next",
		],
		["the last not updated", [db({...update, updatedReplicas: 0}, 2), ...dbPods], "waiting", "0 of 3"],
		[
			"the last updated, not ready",
			[db({...update, updatedReplicas: 1, readyReplicas: 2}, 2), ...dbPods],
			"waiting",
			"2 ready",
		],
		["the last through", [db({...update, updatedReplicas: 1}, 2), ...dbPods], "waiting", "db-1 is next"],
		["a partition beyond its pods", [db({...update, updatedReplicas: 0}, 9), ...dbPods], "waiting", "db-2"],
		["all but the revision", [db({...update, updatedReplicas: 3}, 0), ...dbPods], "complete", "3 of 3"],
		["same revisions, pods missing", [db({readyReplicas: 2}), ...dbPods], "waiting", "2 ready"],
		["a rolled DaemonSet", [agent(), ...agentPods], "complete", "2 of 2"],
		["a DaemonSet unseen", [agent({observedGeneration: 0}), ...agentPods], "waiting", "has not seen"],
		["one node to go", [agent({updatedNumberScheduled: 1}), ...agentPods], "waiting", "1 of 2"],
		["one node not ready", [agent({numberReady: 1}), ...agentPods], "waiting", "1 of 2"],
		["a CronJob", [cronJob("report", patched)], "complete", "next run"],
		["a Job", [job("report", patched)], "complete", "next run"],
		[
			"a StatefulSet OnDelete",
			[statefulSet("db", {...patched, updateStrategy: {type: "OnDelete"}})],
			"complete",
			"their owner deletes them",
		],
		[
			"a DaemonSet OnDelete",
			[daemonSet("agent", {...patched, updateStrategy: {type: "OnDelete"}})],
			"complete",
			"their owner deletes them",
		],
	]
	it.each(cases)("%s", (_, objects, phase, message) => {
		const state = ask(objects)
		expect(state).toMatchObject({phase, message: expect.stringContaining(message)})
	})

	it("lets the next pod of a StatefulSet go by its partition", () => {
		expect(ask([db({...update, updatedReplicas: 1}, 2), ...dbPods])).toMatchObject({partition: 1})
	})

	it("waits for pods of the change in between after a change back", () => {
		const labels = {...inject, "controller-revision-hash": "r0"}
		const left = sidecarPod("db-2", {labels, owner: {kind: "StatefulSet", name: "db"}})
		expect(ask([db(), ...dbPods.slice(0, 2), left])).toMatchObject({
			phase: "waiting",
			message: "pod db-2 is of an earlier revision",
		})
	})

	it("is gone with its object, and with one that is going", () => {
		const going = cart()
		const metadata = {...going.metadata, deletionTimestamp: "2026-01-01T00:00:00Z"}
		expect(ask([])).toEqual({phase: "gone"})
		expect(ask([{...going, metadata}])).toEqual({phase: "gone"})
	})

	it("says what is missing before anything else", () => {
		const state = ask([deployment("cart"), ...cartPods()])
		expect(state).toEqual({phase: "unpatched", keys: {labels: inject, annotations: {}}})
	})
})

describe("where a roll stands, by the evidence of its pods", () => {
	const inCart = owned("ReplicaSet", "cart-5d")
	const crashed = (
		name: string,
		restartCount: number,
		labels: Readonly<Record<string, string>> = inject,
	): Pod => {
		const made = sidecarPod(name, {...inCart, labels, ready: false})
		const state = {waiting: {reason: "CrashLoopBackOff"}}
		return {
			...made,
			status: {...made.status, containerStatuses: [{name: "app", ready: false, restartCount, state}]},
		}
	}
	const readyAt = (made: Pod, lastTransitionTime: string): Pod => ({
		...made,
		status: {...made.status, conditions: [{type: "Ready", status: "True", lastTransitionTime}]},
	})

	it("fails when a new pod keeps crashing, not at its first crash", () => {
		expect(ask([cart({availableReplicas: 1}), crashed("cart-5d-0", 2)])).toMatchObject({
			phase: "failed",
			message: "container app of pod cart-5d-0 crashed 2 times",
		})
		expect(ask([cart({availableReplicas: 1}), crashed("cart-5d-0", 1)])).toMatchObject({phase: "waiting"})
	})

	it("does not blame an old pod, nor one that is going", () => {
		const going = {...crashed("cart-5d-0", 9)}
		const metadata = {...going.metadata, deletionTimestamp: "2026-01-01T00:00:00Z"}
		for (const one of [crashed("cart-5d-0", 9, {}), {...going, metadata}])
			expect(ask([cart({availableReplicas: 1}), one])).toMatchObject({phase: "waiting"})
	})

	it("fails when a new pod is Ready elsewhere, after a moment for the node agent", () => {
		const astray = pod("cart-5d-0", inCart)
		const counted = cart({availableReplicas: 1})
		expect(ask([counted, readyAt(astray, "2026-01-01T00:59:49Z")])).toMatchObject({
			phase: "failed",
			message: expect.stringContaining("is Ready, but not on istio-sidecar"),
		})
		expect(ask([counted, readyAt(astray, "2026-01-01T00:59:51Z")])).toMatchObject({phase: "waiting"})
	})

	it("waits while a pod is redirected and not yet accepted", () => {
		const annotations = {"ambient.istio.io/redirection": "pending"}
		const pending = pod("cart-5d-0", {...inCart, annotations})
		const state = ask([deployment("cart", {...patched, replicas: 1}), pending], {dataplane: "istio-ambient"})
		expect(state).toMatchObject({phase: "waiting", message: expect.stringContaining("pending")})
	})

	it("waits for a pod that is counted as updated and not Ready", () => {
		const one = deployment("cart", {...patched, replicas: 1})
		expect(ask([one, sidecarPod("cart-5d-0", {...inCart, ready: false})])).toMatchObject({
			phase: "waiting",
			message: "pod cart-5d-0 is not Ready yet",
		})
	})

	it("waits for a proxy that is not ready in a pod that is", () => {
		const one = deployment("cart", {...patched, replicas: 1})
		const half = sidecarPod("cart-5d-0", {...inCart, containerReady: {"istio-proxy": false}})
		expect(ask([one, half])).toMatchObject({phase: "waiting", message: expect.stringContaining("not ready")})
	})

	it("takes a pod of another revision for one that is not there", () => {
		const one = deployment("cart", {...patched, replicas: 1})
		const other = sidecarPod("cart-5d-0", {...inCart, revision: "1-30"})
		const to = {dataplane: "istio-sidecar", revision: "default"}
		expect(ask([one, other], to)).toMatchObject({phase: "failed"})
	})

	it("asks only for readiness where any place will do, as on the way back", () => {
		const one = deployment("cart", {...patched, replicas: 1})
		const pods = [pod("cart-5d-0", inCart)]
		const snapshot = snapshotOf([namespace("shop"), one, ...pods])
		const [workload] = workloadsOf(snapshot, "shop", dataplanes) as [Workload]
		expect(rollout({workload, missing, to: undefined, now})).toMatchObject({phase: "complete"})
	})

	it("does not blame pods from before a mark for those that are made anew", () => {
		const marked = {metadata: {labels: inject, annotations: {"heddle.dev/rolled-by": "m1 now"}}}
		const one = withStatus(deployment("cart", {template: marked, replicas: 1}), {updatedReplicas: 0})
		expect(ask([one, pod("cart-5d-0", inCart)])).toMatchObject({
			phase: "waiting",
			message: expect.stringContaining("0 of 1"),
		})
	})
})

describe("being there", () => {
	const cases = [
		[{dataplane: "istio-sidecar", revision: "a"}, {dataplane: "istio-sidecar", revision: "a"}, true],
		[{dataplane: "istio-sidecar", revision: "b"}, {dataplane: "istio-sidecar", revision: "a"}, false],
		[{dataplane: "istio-ambient"}, {dataplane: "istio-ambient", revision: "a"}, true],
		[{dataplane: "istio-sidecar", revision: "b"}, {dataplane: "istio-sidecar"}, true],
		[{dataplane: "none"}, {dataplane: "istio-sidecar"}, false],
	] as const
	it.each(cases)("%o in %o: %s", (is, to, expected) => {
		expect(isThere(is, to)).toBe(expected)
	})
})
