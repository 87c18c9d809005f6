import {setTimeout as pause} from "node:timers/promises"
import {expect, test} from "vitest"
import {Deployment, namespaced} from "../../../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../../../profiles/snapshot/object.ts"
import {patience, waitFor} from "../../kit/wait.ts"
import {deployment, sidecar} from "./manifests.ts"
import {isInjected, type Place} from "./place.ts"
import {useStage} from "./stage.ts"

/*
 * Many workloads, and an operator that is killed at random moments, on a real API server, scheduler and istiod with
 * simulated kubelets. HEDDLE_SCALE_WORKLOADS and HEDDLE_SCALE_KILLS set the size; 200 and 50 are the full one, which
 * takes several minutes.
 */
const workloads = Number(process.env.HEDDLE_SCALE_WORKLOADS ?? 40)
const kills = Number(process.env.HEDDLE_SCALE_KILLS ?? 8)
const names = Array.from({length: workloads}, (_, index) => `app-${String(index).padStart(3, "0")}`)
/** Each run draws its own, and a failure names them. */
const moments = Array.from({length: kills}, () => Math.round(Math.random() * 1_500))
const wholeMs = 120_000 + workloads * 1_500 + kills * 8_000

const stage = useStage({operator: false})
const ControllerRevision = namespaced("apps", "v1", "ControllerRevision", "controllerrevisions")

/** Alone, so that the next one need not wait until the Lease of the killed one has run out. */
const start = async () => {
	const operator = await stage().spawn({args: ["--no-leader-elect"]})
	await operator.ready()
	return operator
}

const stateOf = async (place: Place): Promise<string> => {
	const {migration} = (await place.binding())?.status ?? {}
	const done = migration?.steps?.filter(({action, state}) => action === "Roll" && state === "Done").length
	return `${migration?.state}, ${done} of ${workloads} moved`
}

test(
	`${workloads} workloads move, the operator killed ${kills} times after ${moments.join(", ")} ms`,
	async () => {
		const place = await stage().place({team: "shop"})
		const {name: namespace} = place
		await place.apply(...names.map((name) => deployment(name, {namespace, replicas: 2})))
		const rolled = async () =>
			(await place.list(Deployment)).filter(({status}) => (status?.availableReplicas ?? 0) >= 2).length
		await waitFor("every workload to run", rolled, (count) => count === workloads, {timeoutMs: wholeMs / 3})
		await place.profile({
			dataplane: sidecar,
			migration: {waves: {soak: "0s", maxConcurrentWorkloads: 20}},
		})
		for (const moment of moments) {
			const operator = await start()
			await pause(moment)
			await operator.kill()
		}
		await start()
		await waitFor(
			"every workload to have moved",
			() => stateOf(place),
			(seen) => seen.startsWith("Succeeded"),
			{
				timeoutMs: wholeMs / 2,
				everyMs: 500,
			},
		)
		const deployments = await place.list(Deployment)
		// Each was rolled once, however often the operator was killed, and its pre-image was kept once.
		expect(deployments.map(({metadata}) => metadata.generation)).toEqual(names.map(() => 2))
		const images = (await place.list(ControllerRevision)).filter(isPreImage)
		expect(images.length).toBe(workloads)
		const pods = (await Promise.all(names.map((name) => place.pods(name)))).flat()
		expect(pods.filter((one) => !isInjected(one)).map(({metadata}) => metadata.name)).toEqual([])
		expect((await place.binding())?.status?.history?.map(({id, state}) => `${id} ${state}`)).toEqual([
			"m1 Succeeded",
		])
	},
	wholeMs * patience,
)

const isPreImage = ({metadata}: KubeObject) => metadata.labels?.["app.kubernetes.io/managed-by"] === "heddle"
