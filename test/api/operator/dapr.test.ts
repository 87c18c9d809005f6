import {afterAll, beforeAll, beforeEach, describe, test} from "vitest"
import {dapr} from "../../../profiles/runtimes/dapr/index.ts"
import * as kinds from "../../../profiles/snapshot/kinds.ts"
import {snapshotOf} from "../../../profiles/snapshot/snapshot.ts"
import {type Dapr, daprInjector, removeDapr, startDapr} from "../../kit/dapr.ts"
import {waitFor} from "../../kit/wait.ts"
import {ambient, deployment, sidecar} from "./manifests.ts"
import {isInjected, isRedirected} from "./place.ts"
import {useStage} from "./stage.ts"

const stage = useStage()
const program = await daprInjector()
let running: Dapr | undefined

beforeEach(({skip}) => {
	if (program === undefined)
		skip("no injector of Dapr here: HEDDLE_BIN_DAPR_INJECTOR, or HEDDLE_TEST_BUILD=1 to build it")
})
beforeAll(async () => {
	if (program !== undefined) running = await startDapr(stage().world, program)
}, 120_000)
// Other files of the run expect a cluster without Dapr.
afterAll(async () => {
	if (running === undefined) return
	await removeDapr(stage().world)
	await running.stop()
})

const asking = {"dapr.io/enabled": "true", "dapr.io/app-id": "cart", "dapr.io/app-port": "8080"}

/** What a plan sees of Dapr in the cluster. */
async function seen() {
	const {client} = stage().world
	const [deployments, webhooks] = await Promise.all([
		client.list(kinds.Deployment, {namespace: "dapr-system"}),
		client.list(kinds.MutatingWebhookConfiguration),
	])
	return snapshotOf([...deployments.items, ...webhooks.items])
}

describe("Dapr's real injector", () => {
	test("is detected, healthy and in its version", async ({expect}) => {
		const found = await waitFor(
			"Dapr to be healthy",
			async () => dapr.detect(await seen()),
			([one]) => one?.healthy === true,
		)
		expect(found).toMatchObject([{runtime: "dapr", version: "1.14.0", namespaces: ["dapr-system"]}])
	})

	test("puts a daprd beside a pod that asks, which counts as in; beside no other", async ({expect}) => {
		const place = await stage().place()
		const namespace = place.name
		await place.apply(
			deployment("cart", {namespace, annotations: asking}),
			deployment("plain", {namespace, replicas: 1}),
		)
		const pods = await place.ready("cart", 2)
		const snapshot = await seen()
		for (const pod of pods) {
			expect(pod.spec?.containers?.map(({name}) => name)).toEqual(["app", "daprd"])
			expect(dapr.evidence(pod, snapshot)).toEqual({
				state: "in",
				ready: true,
				native: false,
				detail: "the container daprd is ready",
			})
		}
		const [plain] = await place.ready("plain", 1)
		expect(plain && dapr.evidence(plain, snapshot)).toBeUndefined()
	})

	test("and istiod's inject what Heddle enrols: a workload goes to sidecars with Dapr, then to ambient", async ({
		expect,
	}) => {
		const place = await stage().place()
		const namespace = place.name
		await place.apply(deployment("cart", {namespace}))
		await place.ready("cart", 2)
		const runtime = {dapr: {enabled: true}}
		const migration = {
			waves: {soak: "1s"},
			accept: ["DaprMutualTLSTwice", "DaprFailsOpen", "RestartRequired"],
		}
		await place.profile({dataplane: sidecar, runtime, migration})
		await place.on("istio-sidecar", {timeoutMs: 40_000})
		const snapshot = await seen()
		const injected = await place.ready("cart", 2)
		expect(injected.map(isInjected)).toEqual([true, true])
		expect(injected.map((pod) => dapr.evidence(pod, snapshot)?.state)).toEqual(["in", "in"])

		await place.profile({dataplane: ambient, runtime, migration})
		await place.on("istio-ambient", {timeoutMs: 40_000})
		const redirected = await place.ready("cart", 2)
		expect(redirected.map(isRedirected)).toEqual([true, true])
		expect(redirected.map((pod) => dapr.evidence(pod, snapshot)?.state)).toEqual(["in", "in"])
	})
})
