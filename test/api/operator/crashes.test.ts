import {setTimeout as pause} from "node:timers/promises"
import {describe, test} from "vitest"
import {Deployment, namespaced, StatefulSet} from "../../../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../../../profiles/snapshot/object.ts"
import type {RunningOperator} from "../../kit/operator-process.ts"
import {waitFor} from "../../kit/wait.ts"
import {ambient, deployment, quick, sidecar, slow, statefulSet} from "./manifests.ts"
import {isInjected, isRedirected, type Place} from "./place.ts"
import {useStage} from "./stage.ts"

const stage = useStage({operator: false})
const ControllerRevision = namespaced("apps", "v1", "ControllerRevision", "controllerrevisions")

/** Moments after which the operator is killed; each run draws its own, and a failure names them. */
const moments = Array.from({length: 8}, () => Math.round(Math.random() * 1_500))
const [early, late, back] = [moments.slice(0, 2), moments.slice(2, 5), moments.slice(5)]

/** Alone, so that the next one need not wait until the Lease of the killed one has run out. */
const start = async (): Promise<RunningOperator> => {
	const operator = await stage().spawn({args: ["--no-leader-elect"]})
	await operator.ready()
	return operator
}

/** Killed again and again, wherever it stands, until what is waited for has come. */
async function killed(at: readonly number[], what: string, isIt: () => Promise<boolean>): Promise<void> {
	for (const moment of at) {
		const operator = await start()
		await pause(moment)
		await operator.kill()
	}
	const last = await start()
	await waitFor(what, isIt, Boolean, {timeoutMs: 60_000})
	await last.stop()
}

async function cast(): Promise<Place> {
	const place = await stage().place({team: "shop"})
	const {name: namespace} = place
	await place.apply(
		deployment("web", {namespace, annotations: slow(1)}),
		deployment("api", {namespace, annotations: slow(1)}),
		statefulSet("store", {namespace, replicas: 2, annotations: slow(1)}),
	)
	await Promise.all([place.ready("web", 2), place.ready("api", 2), place.ready("store", 2)])
	return place
}

const stateOf = async (place: Place) => ({
	labels: await place.labels(),
	specs: [
		...(await place.list(Deployment)).map(({spec}) => spec?.template),
		...(await place.list(StatefulSet)).map(({spec}) => spec?.template),
	],
})

const generations = async (place: Place) =>
	Object.fromEntries((await place.list(Deployment)).map(({metadata}) => [metadata.name, metadata.generation]))

describe(`an operator that is killed after ${moments.join(", ")} ms`, () => {
	test("brings the migration to its end all the same, and then back to exactly what was", async ({
		expect,
	}) => {
		const place = await cast()
		await place.profile({dataplane: sidecar, migration: quick})
		await killed(early, "the namespace to be on sidecars", async () => {
			const {status} = (await place.binding()) ?? {}
			return status?.migration?.state === "Succeeded" && status.dataplane === "istio-sidecar"
		})
		const before = await stateOf(place)
		expect(await generations(place)).toEqual({web: 2, api: 2})

		await place.profile({dataplane: ambient, migration: quick})
		await killed(late, "the namespace to be on ambient", async () => {
			const {status} = (await place.binding()) ?? {}
			return status?.migration?.state === "Succeeded" && status.dataplane === "istio-ambient"
		})
		for (const app of ["web", "api", "store"])
			expect((await place.pods(app)).every((one) => isRedirected(one) && !isInjected(one))).toBe(true)
		// Each Deployment was rolled once by each migration, however often the operator was killed.
		expect(await generations(place)).toEqual({web: 3, api: 3})
		const images = (await place.list(ControllerRevision))
			.filter(isPreImage)
			.map(({metadata}) => metadata.name)
		expect(new Set(images).size).toBe(6)

		await place.decide({target: "Previous"})
		await killed(back, "the namespace to be back", async () => {
			const {status} = (await place.binding()) ?? {}
			return status?.migration?.state === "RolledBack"
		})
		expect(await stateOf(place)).toEqual(before)
		for (const app of ["web", "api", "store"])
			expect((await place.ready(app, 2)).every(isInjected)).toBe(true)
		expect((await place.binding())?.status?.history?.map(({id, state}) => `${id} ${state}`)).toEqual([
			"m2 RolledBack",
			"m2 Succeeded",
			"m1 Succeeded",
		])
		await start() // lets the profile go when this file ends
	}, 150_000)
})

const isPreImage = ({metadata}: KubeObject) => metadata.labels?.["app.kubernetes.io/managed-by"] === "heddle"
