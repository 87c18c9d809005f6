import {describe, test} from "vitest"
import {MeshBinding, MeshProfile} from "../../../operator/api/kinds.ts"
import {Gateway} from "../../../profiles/apis/gateway-api/kinds.ts"
import {Deployment, Namespace, StatefulSet} from "../../../profiles/snapshot/kinds.ts"
import {waitFor} from "../../kit/wait.ts"
import {ambient, deployment, quick, sidecar, slow, statefulSet} from "./manifests.ts"
import {conditionOf, isInjected, isReady, type Place} from "./place.ts"
import {useStage} from "./stage.ts"

const stage = useStage()

async function withWeb(annotations = {}): Promise<Place> {
	const place = await stage().place({team: "web"})
	await place.apply(deployment("web", {namespace: place.name, annotations}))
	await place.ready("web", 2)
	return place
}

const keysOf = async (place: Place) => ({
	labels: await place.labels(),
	template: (await place.get(Deployment, "web"))?.spec?.template,
})

const gone = (place: Place, name = place.name) =>
	waitFor(
		`the profile ${name} and the MeshBinding to be gone`,
		async () => [await place.profileNow(name), await place.binding()],
		(left) => left.every((one) => one === undefined),
		{timeoutMs: 40_000},
	)

/** The first new pod is there and the roll is not over. */
const midWave = (place: Place) =>
	waitFor(
		"the roll to be on its way",
		() => place.pods("web"),
		(pods) => pods.some(isInjected),
	)

describe.concurrent("Heddle leaves", () => {
	test("deletionPolicy Retain leaves everything as it is", async ({expect}) => {
		const place = await withWeb()
		await place.profile({dataplane: sidecar, migration: quick})
		await place.on("istio-sidecar")
		const before = await keysOf(place)
		await place.delete(MeshProfile, place.name)
		await gone(place)
		expect(await keysOf(place)).toEqual(before)
		expect((await place.pods("web")).every(isInjected)).toBe(true)
	})

	test("deletionPolicy Restore goes back to before Heddle, over several migrations", async ({expect}) => {
		const place = await withWeb()
		const before = await keysOf(place)
		await place.profile({dataplane: sidecar, migration: quick, deletionPolicy: "Restore"})
		await place.on("istio-sidecar")
		await place.profile({dataplane: ambient, migration: quick, deletionPolicy: "Restore"})
		await place.on("istio-ambient")
		await place.delete(MeshProfile, place.name)
		await gone(place)
		expect(await keysOf(place)).toEqual(before)
		expect((await place.ready("web", 2)).some(isInjected)).toBe(false)
		const left = await place.list({...Deployment, kind: "ControllerRevision", plural: "controllerrevisions"})
		expect(left).toEqual([])
	})

	test("a profile that is deleted amid its wave goes back where Restore asks, and lets go", async ({
		expect,
	}) => {
		const place = await withWeb(slow(2))
		const before = await keysOf(place)
		await place.profile({dataplane: sidecar, migration: quick, deletionPolicy: "Restore"})
		await midWave(place)
		await place.delete(MeshProfile, place.name)
		await gone(place)
		expect(await keysOf(place)).toEqual(before)
		expect((await place.ready("web", 2)).some(isInjected)).toBe(false)
	})

	test("a profile that is deleted amid its wave lets go at once where Retain asks", async ({expect}) => {
		const place = await withWeb(slow(2))
		await place.profile({dataplane: sidecar, migration: quick})
		await midWave(place)
		await place.delete(MeshProfile, place.name)
		await gone(place)
		const pods = await waitFor(
			"the Deployment to finish what began",
			() => place.pods("web"),
			(all) => all.length === 2 && all.every((one) => isInjected(one) && isReady(one)),
		)
		expect(pods).toHaveLength(2)
	})

	test("a namespace that is no longer selected is left as the profile asks", async ({expect}) => {
		const place = await withWeb()
		const before = await keysOf(place)
		const namespaceSelector = {matchLabels: {"kubernetes.io/metadata.name": place.name, team: "web"}}
		const profile = {
			dataplane: sidecar,
			migration: quick,
			deletionPolicy: "Restore",
			namespaceSelector,
		} as const
		await place.profile(profile)
		await place.on("istio-sidecar")
		await place.patch(Namespace, place.name, {metadata: {labels: {team: null}}})
		await waitFor(
			"the MeshBinding to be gone",
			() => place.binding(),
			(one) => one === undefined,
		)
		const {team: _, ...labels} = before.labels
		expect(await keysOf(place)).toEqual({...before, labels})
		expect((await place.profileNow())?.metadata.deletionTimestamp).toBeUndefined()
	})

	test("a namespace that is deleted amid its wave does not hang on finalizers", async ({expect}) => {
		const place = await withWeb(slow(3))
		await place.profile({dataplane: sidecar, migration: quick, deletionPolicy: "Restore"})
		await midWave(place)
		await place.delete(Namespace, place.name)
		const ended = await waitFor(
			"the namespace to be gone",
			() => stage().world.client.get(Namespace, place.name),
			(one) => one === undefined,
			{timeoutMs: 30_000},
		)
		expect(ended).toBeUndefined()
		await place.delete(MeshProfile, place.name)
		await gone(place)
	})

	test("a StatefulSet that Retain finds amid its wave is not left behind a partition", async ({expect}) => {
		const place = await stage().place()
		await place.apply(statefulSet("store", {namespace: place.name, annotations: slow(2)}))
		await place.ready("store", 3)
		await place.profile({dataplane: sidecar, migration: quick})
		await waitFor(
			"its last pod to go first",
			() => place.pods("store"),
			(pods) => pods.some(isInjected),
		)
		await place.delete(MeshProfile, place.name)
		await gone(place)
		const {spec} = (await place.get(StatefulSet, "store")) ?? {}
		expect(spec?.updateStrategy?.rollingUpdate?.partition).toBe(0)
	})

	test("a MeshBinding that is deleted by hand when all is done still knows the way back", async ({
		expect,
	}) => {
		const place = await withWeb()
		const before = await keysOf(place)
		await place.profile({dataplane: ambient, migration: quick})
		await place.on("istio-ambient")
		await place.profile({dataplane: sidecar, migration: quick, deletionPolicy: "Restore"})
		const first = await place.on("istio-sidecar")
		const amid = await keysOf(place)
		await place.delete(MeshBinding, "mesh")
		const again = await waitFor(
			"a new MeshBinding to be Ready",
			() => place.binding(),
			(one) => one?.metadata.uid !== first.metadata.uid && conditionOf(one, "Ready")?.status === "True",
		)
		expect(again?.metadata.annotations).toEqual(first.metadata.annotations)
		expect(again?.status?.migration).toMatchObject({id: "m2", state: "Succeeded"})
		expect(await keysOf(place)).toEqual(amid)
		// The record is stored in the binding first, and only then taken from the namespace.
		await waitFor(
			"the record to be gone from the namespace",
			() => place.annotations(),
			(annotations) => Object.keys(annotations).length === 0,
		)
		await place.delete(MeshProfile, place.name)
		await gone(place)
		expect(await keysOf(place)).toEqual(before)
	})

	test("a MeshBinding that is deleted by hand amid a migration comes back, and still knows the way back", async ({
		expect,
	}) => {
		const place = await withWeb(slow(2))
		const before = await keysOf(place)
		await place.profile({dataplane: sidecar, migration: quick, deletionPolicy: "Restore"})
		await midWave(place)
		const first = await place.binding()
		await place.delete(MeshBinding, "mesh")
		const binding = await waitFor(
			"a new MeshBinding to be Ready",
			() => place.binding(),
			(one) => one?.metadata.uid !== first?.metadata.uid && one?.status?.fit?.verdict === "UpToDate",
			{timeoutMs: 40_000},
		)
		expect(binding?.status?.dataplane).toBe("istio-sidecar")
		await place.delete(MeshProfile, place.name)
		await gone(place)
		expect(await keysOf(place)).toEqual(before)
	})

	test("what the namespace's owner may write leads nowhere but to a dataplane's keys in this namespace", async ({
		expect,
	}) => {
		const [place, victim] = [await withWeb(), await stage().place()]
		const before = await keysOf(place)
		await place.profile({dataplane: sidecar, migration: quick})
		await place.on("istio-sidecar")
		const forged = {"pod-security.kubernetes.io/enforce": "privileged", team: "payments"}
		const image = {migration: "m1", from: "none", labels: forged, annotations: {}}
		await place.apply({
			apiVersion: "apps/v1",
			kind: "ControllerRevision",
			metadata: {
				name: "forged",
				namespace: place.name,
				labels: {"heddle.dev/migration": "m1", "app.kubernetes.io/managed-by": "heddle"},
				annotations: {"heddle.dev/object": `Gateway/${place.name}/trap`},
			},
			...{revision: 1, data: {object: gateway(victim.name)}},
		})
		await place.patch(MeshBinding, "mesh", {
			metadata: {annotations: {"heddle.dev/previous": JSON.stringify(image)}},
			spec: {target: "Previous"},
		})
		await place.until("RolledBack")
		expect(await keysOf(place)).toEqual(before)
		expect(await victim.list(Gateway)).toEqual([])
	})
})

const gateway = (namespace: string) => ({
	apiVersion: "gateway.networking.k8s.io/v1",
	kind: "Gateway",
	metadata: {name: "trap", namespace},
	spec: {gatewayClassName: "istio", listeners: [{name: "http", port: 80, protocol: "HTTP"}]},
})
