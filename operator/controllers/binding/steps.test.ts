import {describe, expect, it} from "vitest"
import type {KubeObject} from "../../../profiles/snapshot/object.ts"
import type {WorkloadSpec} from "../../plan/testing/cluster.ts"
import {isoTime} from "../iso-time.ts"
import type {Warning} from "./observation.ts"
import type {Migration, StepRecord} from "./record.ts"
import {contested, type Progress, progress} from "./steps.ts"
import {patchTemplate} from "./testing/act.ts"
import type {SimCluster} from "./testing/cluster.ts"
import {observed} from "./testing/reconcile.ts"
import {type Scene, scene, shop} from "./testing/scenes.ts"

const inject = {
	labels: {"sidecar.istio.io/inject": "true", "istio.io/dataplane-mode": "none"},
	annotations: {},
}
const ref = "Deployment/shop/cart"
const minutes = (count: number): number => count * 60_000

type Given = {
	readonly step: Partial<StepRecord>
	/** Other steps of the record. */
	readonly others?: readonly StepRecord[]
	readonly scene?: Partial<Scene>
	readonly prepare?: (cluster: SimCluster) => void
	readonly warnings?: readonly Warning[]
	/** Milliseconds since the cluster was made. */
	readonly later?: number
	readonly mayStart?: boolean
}

const place = (on: WorkloadSpec["on"] = "none"): readonly WorkloadSpec[] => [
	{kind: "Deployment", name: "cart", on},
]

/** What becomes of one step of a migration to sidecars. */
function progressOf({
	step,
	others = [],
	scene: given = {},
	prepare,
	warnings = [],
	later = 0,
	mayStart = true,
}: Given): Progress {
	const cluster = scene({mode: "Sidecar", workloads: place(), ...given})
	prepare?.(cluster)
	const record: StepRecord = {
		id: "roll-deployment-cart",
		action: "Roll",
		object: ref,
		state: "Pending",
		...step,
	}
	const migration: Migration = {
		id: "m1",
		state: "Running",
		to: "istio-sidecar",
		revision: "default",
		steps: [...others, record],
	}
	const observation = {...observed({cluster, namespace: shop}, {migration}), warnings}
	return progress(record, {observation, migration, now: cluster.now + later, mayStart})
}

const start = isoTime(Date.parse("2026-01-01T00:00:00Z"))
const begun = {state: "Running", startedAt: start} as const
const types = ({actions}: Progress): readonly string[] => actions.map(({type}) => type)
const patched = (cluster: SimCluster): void => patchTemplate(cluster, ref, inject)

describe("a roll", () => {
	it("keeps what was, then patches", () => {
		const made = progressOf({step: {}})
		expect(types(made)).toEqual(["preImage", "template"])
		expect(made.step).toMatchObject({state: "Running", startedAt: start})
	})

	it("sets a partition above every pod of a StatefulSet before it patches", () => {
		const workloads: readonly WorkloadSpec[] = [{kind: "StatefulSet", name: "db", on: "none"}]
		const made = progressOf({
			scene: {workloads},
			step: {id: "roll-statefulset-db", object: "StatefulSet/shop/db"},
		})
		expect(types(made)).toEqual(["preImage", "partition", "template"])
		expect(made.actions[1]).toMatchObject({partition: 3})
	})

	describe("of a StatefulSet that gets no pods, which its status does not tell", () => {
		const object = "StatefulSet/shop/db"
		const note =
			'pods "db-2" is forbidden: exceeded quota: small, requested: cpu=2, used: cpu=1, limited: cpu=1'
		const refused = ({at = start, later, missing = true}: {at?: string; later: number; missing?: boolean}) =>
			progressOf({
				scene: {workloads: [{kind: "StatefulSet", name: "db", on: "none"}]},
				prepare: (cluster) => {
					patchTemplate(cluster, object, inject)
					const last = cluster.find("Pod/shop/db-2")
					if (missing && last !== undefined) cluster.remove(last)
				},
				warnings: [{reason: "FailedCreate", object, note, at}],
				step: {...begun, id: "roll-statefulset-db", object},
				later,
			}).step
		const said = `its pods cannot be made: ${note}. Raise the ResourceQuota small`

		it("says why, and gives up soon: one is missing", () => {
			expect(refused({later: 10_000})).toMatchObject({state: "Running", message: said})
			expect(refused({later: 40_000})).toMatchObject({state: "Failed", message: said})
		})

		it("goes on when they were made after all, or were refused to somebody else before", () => {
			expect(refused({later: 40_000, missing: false})).toMatchObject({state: "Running"})
			expect(refused({later: 40_000, at: "2025-12-31T23:59:59Z"}).message).not.toContain("quota")
		})
	})

	it("does not begin while nothing may", () => {
		expect(progressOf({step: {}, mayStart: false})).toMatchObject({step: {state: "Pending"}, actions: []})
	})

	it("goes on while nothing may begin", () => {
		const step = {...begun, message: "the pod template is being changed"}
		expect(types(progressOf({step, mayStart: false}))).toEqual(["preImage", "template"])
	})

	it("is skipped when its pods have come there some other way, or it is gone", () => {
		const settled = {workloads: place("istio-sidecar"), labels: {"istio-injection": "enabled"}}
		expect(progressOf({step: {}, scene: settled}).step.state).toBe("Skipped")
		expect(progressOf({step: begun, scene: {workloads: []}}).step.state).toBe("Skipped")
	})

	it("patches once more only when it died before it looked", () => {
		expect(types(progressOf({step: {...begun, message: "the pod template is being changed"}}))).toEqual([
			"preImage",
			"template",
		])
		const undone = progressOf({step: {...begun, message: "1 of 2 pods updated and available"}})
		expect(undone).toMatchObject({step: {state: "Failed", message: contested}, actions: []})
	})

	it("waits while what it goes to is not installed", () => {
		const uninstall = (cluster: SimCluster) => {
			for (const one of cluster.objects) if (one.metadata.name.startsWith("ist")) cluster.remove(one)
		}
		expect(progressOf({step: begun, prepare: uninstall}).step).toMatchObject({
			state: "Running",
			message: "istio-sidecar is not installed any more",
		})
	})

	it("gives up ten minutes after its last pod became Ready, however long all of them take", () => {
		const old = {prepare: patched, step: {...begun, startedAt: "2025-12-31T22:00:00Z"}}
		expect(progressOf({...old, later: minutes(10) - 1}).step.state).toBe("Running")
		expect(progressOf({...old, later: minutes(10)}).step).toMatchObject({
			state: "Failed",
			message: expect.stringContaining("gave up after 10 minutes"),
		})
	})
})

describe("a template that waits for its owner", () => {
	it("is done once it is written, whatever its pods are", () => {
		const workloads: readonly WorkloadSpec[] = [
			{kind: "Deployment", name: "cart", on: "none", options: {paused: true}},
		]
		const step = {...begun, id: "template-deployment-cart", action: "Template"} as const
		expect(progressOf({step, scene: {workloads}, prepare: patched}).step.state).toBe("Done")
	})
})

describe("a soak", () => {
	const soak = {id: "soak-deployment-cart", action: "Soak", wave: 1} as const
	const done: StepRecord = {
		id: "roll-deployment-cart",
		action: "Roll",
		object: ref,
		wave: 1,
		state: "Done",
		finishedAt: start,
	}
	const calm = {
		workloads: place("istio-sidecar"),
		spec: {migration: {waves: {soak: "30m"}}},
		labels: {"istio-injection": "enabled"},
	}
	const unready = (cluster: SimCluster): void => {
		patched(cluster)
		const pod = cluster.find("Pod/shop/cart-5d-0")
		if (pod !== undefined)
			cluster.put({...pod, ...{status: {conditions: [{type: "Ready", status: "False"}]}}} as typeof pod)
	}
	const at = (later: number, prepare: (cluster: SimCluster) => void = patchedAndSeen) =>
		progressOf({step: {...soak, ...begun, object: ""}, others: [done], scene: calm, prepare, later})

	it("ends after its time, and says when to look again", () => {
		expect(at(minutes(29))).toMatchObject({
			step: {state: "Running"},
			wakeAtMs: Date.parse(start) + minutes(30),
		})
		expect(at(minutes(30)).step.state).toBe("Done")
	})

	it("that is longer than the patience with pods does not fail at once when one of them is not ready", () => {
		expect(at(minutes(20), unready).step.state).toBe("Running")
		expect(at(minutes(40), unready).step.state).toBe("Failed")
	})
})

/** Patched long ago: its controller has counted it. */
function patchedAndSeen(cluster: SimCluster): void {
	patched(cluster)
	const owner = cluster.find(ref)
	if (owner !== undefined) cluster.put({...owner, metadata: {...owner.metadata, generation: 1}})
}

describe("a label of the namespace", () => {
	const step = {id: "namespace-default", action: "Apply", object: "Namespace/shop"} as const

	it("is written as the plan has it, and done when the plan no longer asks for it", () => {
		expect(types(progressOf({step, scene: {workloads: []}}))).toEqual(["namespaceKeys"])
		const labelled = {workloads: [], labels: {"istio-injection": "enabled"}}
		expect(progressOf({step, scene: labelled}).step.state).toBe("Done")
	})

	it("is neither written nor called done while the plan is refused or leads elsewhere", () => {
		const refused = {mode: "Sidecar", spec: {dataplane: {mode: "Sidecar", provider: "linkerd"}}} as const
		for (const wish of [refused, {mode: "None"} as const]) {
			const made = progressOf({
				step: {...step, ...begun},
				scene: {...wish, workloads: place("istio-sidecar")},
			})
			expect(made).toMatchObject({step: {state: "Running"}, actions: []})
		}
	})

	describe("while pods of before go", () => {
		const graceMs = minutes(60)
		const rolled = {id: "roll-deployment-cart", action: "Roll", object: ref, state: "Done"} as const
		const going = (cluster: SimCluster) => {
			const [pod] = cluster.podsOf(cluster.find(ref) as KubeObject)
			const deletionTimestamp = isoTime(cluster.now + graceMs)
			cluster.put({...pod, metadata: {...pod?.metadata, deletionTimestamp}} as KubeObject)
		}
		const labelled = (later: number, others: readonly StepRecord[] = [rolled]) =>
			progressOf({
				step: {...step, ...begun},
				others,
				scene: {workloads: place("istio-sidecar")},
				prepare: going,
				later,
			})

		it("waits for them, as long as their grace is", () => {
			for (const later of [0, minutes(59)])
				expect(labelled(later)).toMatchObject({
					step: {state: "Running", message: "1 pod of before may still serve what was asked"},
					actions: [],
				})
		})

		it("does not wait for one that nobody will ever tell the end of", () => {
			expect(types(labelled(graceMs + minutes(1)))).toEqual(["namespaceKeys"])
		})

		it("does not wait where it comes before the roll, or where nothing rolled", () => {
			expect(types(labelled(0, []))).toEqual(["namespaceKeys"])
		})
	})
})
