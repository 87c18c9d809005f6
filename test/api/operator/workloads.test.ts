import {describe, test} from "vitest"
import {CronJob, DaemonSet, Deployment, Job, Pod, StatefulSet} from "../../../profiles/snapshot/kinds.ts"
import {waitFor} from "../../kit/wait.ts"
import * as make from "./manifests.ts"
import {isInjected, isReady, type Place} from "./place.ts"
import {useStage} from "./stage.ts"

const stage = useStage()
const intoSidecars = {dataplane: make.sidecar, migration: make.quick}

/** Looks often until the namespace is on sidecars, and keeps what each look saw. */
async function watched<T>(place: Place, look: () => Promise<T>): Promise<readonly T[]> {
	const seen: T[] = []
	await waitFor(
		`${place.name} to be on sidecars`,
		async () => {
			seen.push(await look())
			return place.binding()
		},
		(binding) => binding?.status?.migration?.state === "Succeeded",
		{timeoutMs: 45_000, everyMs: 50},
	)
	return seen
}

/** Deployments whose pods are of two templates, or not all Ready. */
const rolling = async (place: Place) =>
	(await place.list(Deployment)).filter(({spec, status, metadata}) => {
		const wanted = spec?.replicas ?? 1
		const {updatedReplicas = 0, availableReplicas = 0, replicas = 0, observedGeneration = 0} = status ?? {}
		const behind = observedGeneration < (metadata.generation ?? 0)
		return behind || updatedReplicas < wanted || availableReplicas < wanted || replicas > wanted
	}).length

describe.concurrent("each kind of workload moves in its own way", () => {
	test.for([1, 2])("never more than %i Deployments roll at the same time", async (most, {expect}) => {
		const place = await stage().place()
		const names = ["a", "b", "c", "d"]
		const annotations = make.slow(1)
		await place.apply(...names.map((name) => make.deployment(name, {namespace: place.name, annotations})))
		await Promise.all(names.map((name) => place.ready(name, 2)))
		await waitFor(
			"their Deployments to have counted them",
			() => rolling(place),
			(count) => count === 0,
		)
		await place.profile({
			dataplane: make.sidecar,
			migration: {waves: {soak: "0s", maxConcurrentWorkloads: most}},
		})
		const seen = await watched(place, () => rolling(place))
		expect(Math.max(...seen), seen.join(" ")).toBe(most)
		for (const name of names) expect((await place.pods(name)).map(isInjected)).toEqual([true, true])
	})

	test("a StatefulSet one pod at a time, from the last to the first, and its partition is 0 again", async ({
		expect,
	}) => {
		const place = await stage().place()
		await place.apply(make.statefulSet("store", {namespace: place.name, annotations: make.slow(1)}))
		await place.ready("store", 3)
		await place.profile(intoSidecars)
		const seen = await watched(place, async () => {
			const pods = await place.pods("store")
			return {
				down: 3 - pods.filter(isReady).length,
				moved: pods.filter(isInjected).map(({metadata}) => metadata.name),
			}
		})
		expect(Math.max(...seen.map(({down}) => down))).toBe(1)
		const orders = [...new Set(seen.map(({moved}) => moved.sort().join(" ")))].filter((one) => one !== "")
		expect(orders).toEqual(["store-2", "store-1 store-2", "store-0 store-1 store-2"])
		const {spec} = (await place.get(StatefulSet, "store")) ?? {}
		expect(spec?.updateStrategy?.rollingUpdate?.partition).toBe(0)
	})

	test("a DaemonSet on every node", async ({expect}) => {
		const place = await stage().place()
		await place.apply(make.daemonSet("agent", {namespace: place.name}))
		const nodes = (
			await waitFor(
				"its pods",
				() => place.pods("agent"),
				(pods) => pods.length > 1 && pods.every(isReady),
			)
		).length
		await place.profile(intoSidecars)
		await place.on("istio-sidecar")
		const pods = await place.pods("agent")
		expect(pods).toHaveLength(nodes)
		expect(pods.every(isInjected)).toBe(true)
	})

	test("OnDelete gets its template, and its pods stay until their owner deletes them", async ({expect}) => {
		const place = await stage().place()
		const spec = {updateStrategy: {type: "OnDelete"}}
		await place.apply(
			make.statefulSet("store", {namespace: place.name, replicas: 2, spec}),
			make.daemonSet("agent", {namespace: place.name, spec}),
		)
		const before = [...(await place.ready("store", 2)), ...(await place.pods("agent"))]
		await place.profile({...intoSidecars, migration: {...make.quick, accept: ["OnDeleteStrategy"]}})
		await place.until("NotEnrolled")
		for (const object of [await place.get(StatefulSet, "store"), await place.get(DaemonSet, "agent")])
			expect(object?.spec?.template?.metadata?.labels).toMatchObject({"sidecar.istio.io/inject": "true"})
		const now = await place.list(Pod)
		expect(now.map(({metadata}) => metadata.uid)).toEqual(
			expect.arrayContaining(before.map(({metadata}) => metadata.uid)),
		)
		expect((await place.binding())?.status?.workloads).toMatchObject({total: 2, manual: 2})
		for (const {metadata} of now) await place.delete(Pod, metadata.name)
		await place.on("istio-sidecar")
	})

	test("a CronJob by its template, a suspended Job too; a running Job and a finished one are left alone", async ({
		expect,
	}) => {
		const place = await stage().place()
		const {name: namespace} = place
		await place.apply(
			make.cronJob("nightly", {namespace}),
			make.job("done", {namespace}),
			make.job("running", {namespace, annotations: make.slow(30)}),
			make.job("suspended", {namespace, spec: {suspend: true}}),
		)
		await waitFor(
			"the first Job to be done",
			() => place.get(Job, "done"),
			(one) => one?.status?.completionTime !== undefined,
		)
		const jobs = async () =>
			(await place.list(Job))
				.filter(({spec}) => !spec?.suspend)
				.map(({metadata: {name, generation}, spec}) => ({name, generation, spec}))
		const before = await jobs()
		await place.profile(intoSidecars)
		await waitFor(
			"the CronJob's template",
			() => place.get(CronJob, "nightly"),
			(one) =>
				one?.spec?.jobTemplate?.spec?.template?.metadata?.labels?.["sidecar.istio.io/inject"] === "true",
		)
		await place.until("UpToDate")
		const {message} = await place.until("NotEnrolled", {type: "WorkloadsEnrolled"})
		expect(message).toContain(`Job/${namespace}/running`)
		expect(await jobs()).toEqual(before)
		const suspended = await place.get(Job, "suspended")
		expect(suspended?.spec?.template?.metadata?.labels).toMatchObject({"sidecar.istio.io/inject": "true"})
		const binding = await place.binding()
		expect(binding?.status?.fit?.reasons).toContainEqual(
			expect.objectContaining({code: "JobFinishesWhereItIs", object: `Job/${namespace}/running`}),
		)
	})

	test("a bare pod is reported and never deleted; one on the host's network is skipped; none at all is quick", async ({
		expect,
	}) => {
		const place = await stage().place()
		const {name: namespace} = place
		await place.apply(
			make.pod("bare", {namespace}),
			make.deployment("host", {namespace, pod: {hostNetwork: true}, replicas: 1, spec: {}}),
			make.deployment("idle", {namespace, replicas: 0}),
		)
		const [bare] = await place.ready("bare", 1)
		const hosts = await waitFor(
			"the host pod",
			() => place.pods("host"),
			(pods) => pods.length === 1,
		)
		await place.profile(intoSidecars)
		await waitFor(
			"the namespace's own label",
			() => place.labels(),
			(labels) => labels["istio-injection"] === "enabled",
		)
		const condition = await place.until("NotEnrolled")
		expect(condition.message).toContain("Pod/")
		expect((await place.binding())?.status?.workloads).toMatchObject({total: 3, manual: 1})
		expect((await place.pods("bare")).map(({metadata}) => metadata.uid)).toEqual([bare?.metadata.uid])
		expect((await place.pods("host")).map(({metadata}) => metadata.uid)).toEqual(
			hosts.map(({metadata}) => metadata.uid),
		)
		const host = await place.get(Deployment, "host")
		expect(host?.metadata.generation).toBe(1)
		const idle = await place.get(Deployment, "idle")
		expect(idle?.spec?.template?.metadata?.labels).toMatchObject({"sidecar.istio.io/inject": "true"})
	})
})
