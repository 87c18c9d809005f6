import {describe, expect, it} from "vitest"
import type {KubeObject} from "../../../../profiles/snapshot/object.ts"
import {policy} from "../../../../profiles/testing/builders.ts"
import {isoTime} from "../../iso-time.ts"
import type {Migration, StepRecord} from "../record.ts"
import {nextStatus} from "../status.ts"
import {type Progress, progress} from "../steps.ts"
import {bindingRef} from "../testing/act.ts"
import type {SimCluster} from "../testing/cluster.ts"
import {observed} from "../testing/reconcile.ts"
import {scene, shop} from "../testing/scenes.ts"

/* Jobs and their pods are put there as a cluster would leave them: what curl really says is for the node to show. */

const prober = {image: `registry.example/curl@sha256:${"0".repeat(64)}`}
const as = (serviceAccountName: string) => ({template: {spec: {serviceAccountName}}})
const admitWeb = policy("AuthorizationPolicy", "admit", {
	selector: {matchLabels: {app: "cart"}},
	rules: [{from: [{source: {principals: ["cluster.local/ns/shop/sa/web"]}}]}],
})

const shopOf = (): SimCluster =>
	scene({
		mode: "Sidecar",
		spec: {migration: {gates: {prober}}},
		workloads: [
			{kind: "Deployment", name: "cart", on: "istio-sidecar", options: as("cart")},
			{kind: "Deployment", name: "web", on: "istio-sidecar", options: as("web")},
		],
		objects: [admitWeb],
	})

const stepOf = (id: string, more: Partial<StepRecord> = {}): StepRecord => ({
	id,
	action: "Gate",
	object: "Namespace/shop",
	state: "Running",
	startedAt: isoTime(Date.parse("2026-01-01T00:00:00Z")),
	...more,
})

function look(cluster: SimCluster, step: StepRecord, later = 0): Progress {
	const migration: Migration = {id: "m1", state: "Running", to: "istio-sidecar", steps: [step]}
	const observation = observed({cluster, namespace: shop}, {migration})
	return progress(step, {observation, migration, now: cluster.now + later, mayStart: true})
}

const jobsOf = ({actions}: Progress): readonly KubeObject[] =>
	actions.flatMap((action) => (action.type === "apply" ? [action.manifest] : []))

/** Lets the Jobs of a step run, each with what its pod says at its end. */
function answer(cluster: SimCluster, step: StepRecord, says: (caller: string) => string | undefined): void {
	for (const job of jobsOf(look(cluster, step))) {
		const {serviceAccountName} = (job as {spec?: {template: {spec: {serviceAccountName: string}}}}).spec
			?.template.spec ?? {serviceAccountName: ""}
		const {name} = job.metadata
		const created = isoTime(cluster.now)
		cluster.put({...job, metadata: {...job.metadata, uid: name, creationTimestamp: created}} as KubeObject)
		const message = says(serviceAccountName)
		const terminated = message === undefined ? {} : {terminated: {exitCode: 0, message}}
		cluster.put({
			apiVersion: "v1",
			kind: "Pod",
			metadata: {
				name,
				namespace: shop,
				labels: {"heddle.dev/probe": name},
				ownerReferences: [{apiVersion: "batch/v1", kind: "Job", name, uid: name, controller: true}],
			},
			...{status: {phase: "Succeeded", containerStatuses: [{name: "probe", state: terminated}]}},
		} as KubeObject)
	}
}

const right = (caller: string) => (caller === "web" ? "200 0" : "403 0")

describe("a gate that sends requests", () => {
	const step = stepOf("probe-deployment-cart")

	it("makes a Job for each, as the identity that it is of, and waits", () => {
		const cluster = shopOf()
		const sent = look(cluster, step)
		expect(sent.step).toMatchObject({state: "Running", message: "2 requests are being sent"})
		expect(jobsOf(sent)).toHaveLength(2)
		answer(cluster, step, () => undefined)
		expect(look(cluster, step).step.message).toBe("2 requests have no answer yet")
	})

	it("asks again under other names when it is tried again", () => {
		const names = (startedAt: string) =>
			jobsOf(look(shopOf(), {...step, startedAt})).map(({metadata}) => metadata.name)
		const [first] = names("2026-01-01T00:00:00Z")
		expect(first).toMatch(/^heddle-probe-[0-9a-f]{20}$/)
		expect(names("2026-01-01T00:00:00Z")[0]).toBe(first)
		expect(names("2026-01-01T00:01:00Z")[0]).not.toBe(first)
	})

	it("is through when all are answered as the policies say, and takes the Jobs away", () => {
		const cluster = shopOf()
		answer(cluster, step, right)
		const {step: done, actions} = look(cluster, step)
		expect(done).toMatchObject({state: "Done", message: "2 requests were answered as a policy says"})
		expect(actions.map(({type}) => type)).toEqual(["delete", "delete"])
	})

	it.each([
		["a request that is to be refused comes through", () => "200 0", /refuses$/],
		["a request that is to come through is refused", () => "403 0", /lets through$/],
		["the same at L4", () => "000 56", /a closed connection, which .* lets through$/],
	])("fails when %s", (_, says, why) => {
		const cluster = shopOf()
		answer(cluster, step, says)
		const {step: failed} = look(cluster, step)
		expect(failed.state).toBe("Failed")
		expect(failed.message).toMatch(/^GET http:\/\/cart\.shop\.svc\.cluster\.local\/\S+ as shop\/(web|cart): /)
		expect(failed.message).toMatch(why)
	})

	it.each([
		["nobody answers", "000 7"],
		["a proxy finds nobody behind it", "503 0"],
		["the pod says nothing that can be read", "boom"],
	])("holds when %s, and asks again after a while", (_, says) => {
		const cluster = shopOf()
		answer(cluster, step, () => says)
		expect(look(cluster, step)).toMatchObject({held: true, step: {state: "Running"}, actions: []})
		expect(look(cluster, step, 31_000).actions.map(({type}) => type)).toEqual(["delete", "delete"])
	})

	it("holds, and does not fail, where it is not so before anything moves", () => {
		const before = stepOf("probe-before")
		const cluster = shopOf()
		answer(cluster, before, () => "200 0")
		const {held, step: told} = look(cluster, before)
		expect(held).toBe(true)
		expect(told.message).toMatch(/^before anything moves, GET .* refuses$/)
	})
})

describe("EnforcementVerified", () => {
	const conditionAfter = (step: StepRecord, state: Migration["state"] = "Succeeded") => {
		const cluster = shopOf()
		const migration: Migration = {id: "m1", state, steps: [step]}
		cluster.put({
			apiVersion: "heddle.dev/v1alpha1",
			kind: "MeshBinding",
			metadata: {name: "mesh", namespace: shop, labels: {"heddle.dev/profile": "payments"}},
			...{status: {migration}},
		})
		const status = nextStatus(observed({cluster, namespace: shop}, {migration}), {migration}, cluster.now)
		expect(cluster.find(bindingRef(shop))).toBeDefined()
		const found = status.conditions?.find(({type}) => type === "EnforcementVerified")
		return `${found?.status} ${found?.reason}`
	}
	const done = stepOf("probe-deployment-cart", {
		state: "Done",
		message: "2 requests were answered as a policy says",
	})

	it.each([
		["every policy was asked both ways after pods had moved", done, "True Verified"],
		["one was not asked", {...done, message: "2 requests …; not sent for X (why)"}, "Unknown NoEvidence"],
		["it was proven before the move alone", {...done, id: "probe-before"}, "Unknown NoEvidence"],
		["a request was answered otherwise", {...done, state: "Failed"}, "False NotVerified"],
		["nothing is answered yet", {...done, state: "Running"}, "Unknown NoEvidence"],
	] as const)("is decided by the last answers: %s", (_, step, expected) => {
		expect(conditionAfter(step)).toBe(expected)
	})

	it("says nothing of what was undone", () => {
		expect(conditionAfter({...done, state: "Failed"}, "RolledBack")).toBe("Unknown NoEvidence")
	})
})
