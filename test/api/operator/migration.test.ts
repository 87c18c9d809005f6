import {describe, test} from "vitest"
import {MeshProfile} from "../../../operator/api/kinds.ts"
import {Deployment, namespaced} from "../../../profiles/snapshot/kinds.ts"
import {waitFor} from "../../kit/wait.ts"
import {ambient, deployment, quick, sidecar, slow, statefulSet} from "./manifests.ts"
import {conditionOf, isInjected, isRedirected} from "./place.ts"
import {useStage} from "./stage.ts"

const stage = useStage()
const ControllerRevision = namespaced("apps", "v1", "ControllerRevision", "controllerrevisions")

describe.concurrent("a namespace moves", () => {
	test("from none to sidecars that the real istiod injects, and its own label follows last", async ({
		expect,
	}) => {
		const place = await stage().place({team: "web"})
		const namespace = place.name
		await place.apply(
			deployment("web", {namespace, annotations: slow(2)}),
			deployment("api", {namespace, annotations: slow(2)}),
		)
		await Promise.all([place.ready("web", 2), place.ready("api", 2)])
		await place.profile({dataplane: sidecar, migration: {waves: {soak: "1s"}}})
		await place.until("Migrating")
		const early: string[] = []
		const binding = await waitFor(
			"the namespace to be moved",
			async () => {
				const [labels, seen, pods] = [
					await place.labels(),
					await place.binding(),
					[...(await place.pods("web")), ...(await place.pods("api"))],
				]
				if (labels["istio-injection"] !== undefined && !pods.every(isInjected)) early.push("labelled early")
				return seen
			},
			(seen) => conditionOf(seen, "Ready")?.status === "True",
			{timeoutMs: 40_000},
		)
		expect(early).toEqual([])
		for (const app of ["web", "api"]) expect((await place.pods(app)).map(isInjected)).toEqual([true, true])
		expect(await place.labels()).toMatchObject({team: "web", "istio-injection": "enabled"})
		expect(binding?.status).toMatchObject({
			dataplane: "istio-sidecar",
			profile: namespace,
			fit: {verdict: "UpToDate", to: "istio-sidecar"},
			workloads: {total: 2, current: 2, moving: 0, waiting: 0, manual: 0},
			migration: {id: "m1", state: "Succeeded", from: "none", to: "istio-sidecar"},
		})
		expect(binding?.status?.migration?.steps?.map(({action, state}) => `${action} ${state}`)).toEqual([
			"Roll Done",
			"Gate Done",
			"Soak Done",
			"Roll Done",
			"Gate Done",
			"Soak Done",
			"Apply Done",
		])
		const original = JSON.parse(binding?.metadata.annotations?.["heddle.dev/original"] ?? "{}")
		expect(original).toEqual({migration: "m1", from: "none", labels: {}, annotations: {}})
		expect(binding?.metadata.annotations?.["heddle.dev/previous"]).toBe(JSON.stringify(original))
		expect(binding?.metadata.finalizers).toEqual(["heddle.dev/binding"])
		const told = await waitFor(
			"the Events",
			() => place.events(),
			(events) => events.length >= 2,
		)
		expect(new Set(told.map(({reason, type}) => `${type} ${reason}`))).toEqual(
			new Set(["Normal Migrating", "Normal Migrated"]),
		)
	})

	test("to ambient and, when its owner asks, back to exactly what it was", async ({expect}) => {
		const place = await stage().place({"istio-injection": "enabled", team: "cart"})
		const namespace = place.name
		await place.apply(
			deployment("web", {namespace, annotations: {"sidecar.istio.io/logLevel": "info"}}),
			statefulSet("store", {namespace, replicas: 2, labels: {"sidecar.istio.io/inject": "true"}}),
		)
		await Promise.all([place.ready("web", 2), place.ready("store", 2)])
		await place.profile({dataplane: sidecar, migration: quick})
		await place.on("istio-sidecar")
		const state = async () => ({
			labels: await place.labels(),
			web: (await place.get(Deployment, "web"))?.spec,
			store: (await place.list(namespaced("apps", "v1", "StatefulSet", "statefulsets")))[0],
		})
		const before = await state()
		await place.profile({dataplane: ambient, migration: {...quick, accept: ["SingleReplica"]}})
		const there = await place.on("istio-ambient", {timeoutMs: 40_000})
		expect(there.status?.migration).toMatchObject({state: "Succeeded", from: "istio-sidecar"})
		for (const app of ["web", "store"]) {
			const pods = await place.pods(app)
			expect(pods.every((one) => isRedirected(one) && !isInjected(one))).toBe(true)
		}
		expect(await place.labels()).toMatchObject({"istio.io/dataplane-mode": "ambient", team: "cart"})
		expect((await place.list(ControllerRevision)).filter(isPreImage)).toHaveLength(2)

		await place.decide({target: "Previous"})
		await place.until("RolledBack", {timeoutMs: 40_000})
		const after = await state()
		expect(after.labels).toEqual(before.labels)
		expect(after.web?.template).toEqual(before.web?.template)
		expect(specOf(after.store)).toEqual(specOf(before.store))
		expect((await place.ready("web", 2)).every(isInjected)).toBe(true)
		expect((await place.ready("store", 2)).every(isInjected)).toBe(true)

		await place.decide({target: "Desired"})
		const again = await place.on("istio-ambient", {timeoutMs: 40_000})
		expect(again.status?.history?.map(({state: how}) => how)).toEqual([
			"Succeeded",
			"RolledBack",
			"Succeeded",
		])
	})

	test("and its profile counts it, with finalizers and conditions that say so", async ({expect}) => {
		const place = await stage().place()
		await place.profile({dataplane: sidecar, migration: quick})
		await place.on("istio-sidecar")
		const profile = await waitFor(
			"the profile to be Ready",
			() => place.profileNow(),
			(seen) => conditionOf(seen, "Ready")?.status === "True",
		)
		expect(profile?.metadata.finalizers).toEqual(["heddle.dev/profile"])
		expect(profile?.status).toMatchObject({
			observedGeneration: 1,
			namespaces: {selected: 1, upToDate: 1, migrating: 0, waiting: 0, blocked: 0, lost: 0},
		})
		expect(conditionOf(profile, "Accepted")).toMatchObject({status: "True", observedGeneration: 1})
		expect(MeshProfile.plural).toBe("meshprofiles")
	})
})

const isPreImage = ({metadata}: {metadata: {labels?: Readonly<Record<string, string>>}}) =>
	metadata.labels?.["app.kubernetes.io/managed-by"] === "heddle"
const specOf = (object: object | undefined) => (object as {spec?: object} | undefined)?.spec
