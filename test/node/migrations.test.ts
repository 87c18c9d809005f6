import {afterAll, beforeAll, describe, test} from "vitest"
import {Deployment} from "../../profiles/snapshot/kinds.ts"
import {sidecar} from "../api/operator/manifests.ts"
import type {Place} from "../api/operator/place.ts"
import {type RunningOperator, spawnOperator} from "../kit/operator-process.ts"
import {waitFor} from "../kit/wait.ts"
import {measure, openPlace, wanted} from "./course.ts"
import {application} from "./manifests.ts"
import {useNode} from "./node.ts"
import {report, resultOf} from "./results.ts"

/*
 * Level traffic: real requests through a real kubelet, kube-proxy, Istio and Envoy, while Heddle's real operator moves
 * the application. No request is retried. Every answer but 2xx, every reset, every time-out and every answer that took
 * more than a second counts as failed.
 */
const world = useNode()
const caseMs = 300_000 + (wanted * 1000) / 50
let operator: RunningOperator | undefined

beforeAll(async () => {
	operator = undefined
})
afterAll(() => operator?.stop())

async function useOperator(): Promise<RunningOperator> {
	operator ??= await spawnOperator({kubeconfig: world().sandbox.kubeconfig, namespace: "default"})
	await operator.ready()
	return operator
}

const quick = {waves: {soak: "5s"}}
const none = {mode: "None"}
const patience = {timeoutMs: 240_000}

async function deploy(place: Place, options: Omit<Parameters<typeof application>[0], "namespace"> = {}) {
	await place.apply(...application({namespace: place.name, ...options}))
	await waitFor(
		"the application",
		() => place.pods("app"),
		(pods) => pods.length === 2 && pods.every(ready),
		patience,
	)
}
const ready = ({status}: {status?: {conditions?: readonly {type: string; status: string}[]}}) =>
	status?.conditions?.some(({type, status: is}) => type === "Ready" && is === "True") ?? false

/** As `kubectl rollout restart`; ends when every old pod is gone. */
async function restart(place: Place): Promise<void> {
	const before = (await place.pods("app")).map(({metadata}) => metadata.uid)
	const annotations = {"kubectl.kubernetes.io/restartedAt": new Date().toISOString()}
	await place.patch(Deployment, "app", {spec: {template: {metadata: {annotations}}}})
	await waitFor(
		"every pod to be new",
		() => place.pods("app"),
		(pods) => pods.length === 2 && pods.every((pod) => ready(pod) && !before.includes(pod.metadata.uid)),
		patience,
	)
}

describe("requests while", () => {
	test("control: a plain rolling restart, no mesh and no Heddle", {timeout: caseMs}, async ({expect}) => {
		const place = await openPlace(world())
		const clients = await openPlace(world())
		await deploy(place)
		const measured = await measure(world(), {place, clients, meshedClients: false, act: () => restart(place)})
		const result = report(resultOf({name: "control", title: "control: rolling restart, no mesh"}, measured))
		expect(result).toMatchObject({lost: 0})
	})

	test("none -> sidecar -> none, clients without a sidecar", {timeout: caseMs}, async ({expect}) => {
		const place = await openPlace(world())
		const clients = await openPlace(world())
		await deploy(place)
		await useOperator()
		const measured = await measure(world(), {
			place,
			clients,
			meshedClients: false,
			act: async () => {
				await place.profile({dataplane: sidecar, migration: quick})
				await place.on("istio-sidecar", patience)
				await place.profile({dataplane: none, migration: quick})
				await place.on("none", patience)
			},
		})
		const result = report(
			resultOf(
				{name: "none-sidecar-none", title: "none → sidecar → none, clients outside of the mesh"},
				measured,
			),
		)
		expect(result).toMatchObject({lost: 0})
	})
})
