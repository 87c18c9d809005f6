import {describe, test} from "vitest"
import {Deployment, Pod} from "../../../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../../../profiles/snapshot/object.ts"
import {waitFor} from "../../kit/wait.ts"
import {deployment, quick, sidecar, slow} from "./manifests.ts"
import {isInjected, type Place} from "./place.ts"
import {useStage} from "./stage.ts"

const stage = useStage()

/** The injected proxy asks for up to two CPUs: pods with one are refused, those that run already stay. */
const noRoomForProxies = (namespace: string): KubeObject => ({
	apiVersion: "v1",
	kind: "LimitRange",
	metadata: {name: "small", namespace},
	...{spec: {limits: [{type: "Container", max: {cpu: "1"}}]}},
})

/** One that the API server refuses the new pods of, and one that has yet to move. */
async function doomed(onFailure: "RollBack" | "Hold") {
	const place = await stage().place()
	const {name: namespace} = place
	await place.apply(
		deployment("a", {namespace, spec: {progressDeadlineSeconds: 2}}),
		deployment("b", {namespace}),
	)
	await Promise.all([place.ready("a", 2), place.ready("b", 2)])
	const before = await place.get(Deployment, "a")
	await place.apply(noRoomForProxies(namespace))
	await place.profile({dataplane: sidecar, migration: {...quick, onFailure}})
	return {place, before}
}

const templateOf = async (place: Place, name: string) => (await place.get(Deployment, name))?.spec?.template

describe.concurrent("what fails under the new dataplane", () => {
	test("goes back on its own, and the reason stays in the record", async ({expect}) => {
		const {place, before} = await doomed("RollBack")
		const {message} = await place.until("RolledBack")
		expect(message).toContain(`Deployment/${place.name}/a`)
		expect(message).toMatch(/progress deadline/)
		expect(await templateOf(place, "a")).toEqual(before?.spec?.template)
		expect(await place.labels()).not.toHaveProperty("istio-injection")
		expect((await place.get(Deployment, "b"))?.metadata.generation).toBe(1)
		expect((await place.ready("a", 2)).some(isInjected)).toBe(false)
		const {status} = (await place.binding()) ?? {}
		expect(status?.migration?.steps?.[0]).toMatchObject({action: "Roll", state: "Failed"})
		expect(status?.history?.[0]).toMatchObject({state: "RolledBack"})
		const told = await waitFor(
			"the Events",
			() => place.events(),
			(events) => events.some(({reason}) => reason === "RolledBack"),
		)
		expect(told.find(({reason}) => reason === "RollingBack")?.type).toBe("Warning")
	})

	test("waits for a person with onFailure Hold, and goes on when one decides anew", async ({expect}) => {
		const {place} = await doomed("Hold")
		const {message} = await place.until("Holding")
		expect(message).toMatch(/progress deadline/)
		const held = await templateOf(place, "a")
		expect(held?.metadata?.labels).toMatchObject({"sidecar.istio.io/inject": "true"})
		expect((await place.get(Deployment, "b"))?.metadata.generation).toBe(1)
		await place.decide({target: "Previous"})
		await place.until("RolledBack")
		expect((await templateOf(place, "a"))?.metadata?.labels).toEqual({app: "a"})
	})

	test("a pod that crashes there rolls its workload back", async ({expect}) => {
		const place = await stage().place()
		await place.apply(deployment("web", {namespace: place.name, annotations: slow(4)}))
		await place.ready("web", 2)
		await place.profile({dataplane: sidecar, migration: quick})
		const [fresh] = await waitFor(
			"a pod with a sidecar",
			async () => (await place.pods("web")).filter(isInjected),
			(pods) => pods.length > 0,
		)
		await place.patch(Pod, fresh?.metadata.name ?? "", {
			metadata: {annotations: {"heddle.dev/sim": "crashloop"}},
		})
		const {message} = await place.until("RolledBack", {timeoutMs: 40_000})
		expect(message).toMatch(/crashed \d+ times/)
		expect((await place.ready("web", 2)).some(isInjected)).toBe(false)
	})

	test("another writer that takes the keys away is not fought", async ({expect}) => {
		const place = await stage().place()
		await place.apply(deployment("web", {namespace: place.name, annotations: slow(3)}))
		await place.ready("web", 2)
		await place.profile({dataplane: sidecar, migration: quick})
		await waitFor(
			"the roll to be on its way",
			() => place.binding(),
			(one) => /pods updated/.test(one?.status?.migration?.message ?? ""),
		)
		await place.patch(Deployment, "web", {
			spec: {template: {metadata: {labels: {"sidecar.istio.io/inject": null}}}},
		})
		const {message} = await place.until("Holding")
		expect(message).toContain("another writer")
		const {metadata} = (await place.get(Deployment, "web")) ?? {}
		await place.ready("web", 2)
		const later = await place.get(Deployment, "web")
		expect(later?.metadata.generation).toBe(metadata?.generation)
		expect(later?.spec?.template?.metadata?.labels).not.toHaveProperty("sidecar.istio.io/inject")
	})
})
