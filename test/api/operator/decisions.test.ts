import {describe, test} from "vitest"
import {MeshProfile} from "../../../operator/api/kinds.ts"
import {Deployment} from "../../../profiles/snapshot/kinds.ts"
import {waitFor} from "../../kit/wait.ts"
import {ambient, deployment, quick, sidecar, statefulSet} from "./manifests.ts"
import {conditionOf, Place} from "./place.ts"
import {useStage} from "./stage.ts"

const stage = useStage()

async function withWeb(): Promise<Place> {
	const place = await stage().place()
	await place.apply(deployment("web", {namespace: place.name}))
	await place.ready("web", 2)
	return place
}

const generationOf = async (place: Place) => (await place.get(Deployment, "web"))?.metadata.generation
const injectionOf = async (place: Place) => (await place.labels())["istio-injection"]

describe.concurrent("people decide", () => {
	test("approval Manual waits for spec.approved of this very generation", async ({expect}) => {
		const place = await withWeb()
		await place.profile({dataplane: sidecar, migration: {...quick, approval: "Manual"}})
		const {message} = await place.until("AwaitingApproval")
		expect(message).toContain("spec.approved")
		const asked = (await place.binding())?.status?.profileGeneration ?? 0
		await place.decide({approved: asked + 1})
		await waitFor(
			"the operator to have read it",
			() => place.binding(),
			(one) => one?.status?.observedGeneration === one?.metadata.generation,
		)
		expect(await generationOf(place)).toBe(1)
		await place.decide({approved: asked})
		await place.on("istio-sidecar")
	})

	test("hold and paused keep everything from starting", async ({expect}) => {
		const place = await withWeb()
		await place.profile({dataplane: sidecar, migration: quick, paused: true})
		await place.until("Paused")
		await place.decide({hold: true})
		// Two watches tell of the two objects, in either order: the hold has to be seen before the pause ends.
		await waitFor(
			"the hold to be seen",
			() => place.binding(),
			(one) => one?.status?.observedGeneration === one?.metadata.generation,
		)
		await place.profile({dataplane: sidecar, migration: quick, paused: false})
		await place.until("Held")
		expect(await generationOf(place)).toBe(1)
		expect(await injectionOf(place)).toBeUndefined()
		await place.decide({hold: false})
		await place.on("istio-sidecar")
	})

	test("a hold amid a migration lets the workload that rolls finish, and begins no other", async ({
		expect,
	}) => {
		const place = await stage().place()
		const {name: namespace} = place
		const annotations = {"heddle.dev/sim": "slow", "heddle.dev/sim-delay": "2s"}
		await place.apply(
			deployment("a", {namespace, annotations, replicas: 2}),
			deployment("b", {namespace, annotations, replicas: 2}),
		)
		await Promise.all([place.ready("a", 2), place.ready("b", 2)])
		await place.profile({dataplane: sidecar, migration: quick})
		await waitFor(
			"a to roll",
			() => place.get(Deployment, "a"),
			(one) => one?.metadata.generation === 2,
		)
		await place.decide({hold: true})
		await place.until("Holding")
		expect((await place.get(Deployment, "b"))?.metadata.generation).toBe(1)
		expect((await place.ready("a", 2)).every((one) => one.metadata.labels?.["sidecar.istio.io/inject"])).toBe(
			true,
		)
		await place.decide({hold: false})
		await place.on("istio-sidecar")
	})

	test("a risk waits for its code in spec.accept, and only for that one", async ({expect}) => {
		const place = await stage().place()
		await place.apply(statefulSet("store", {namespace: place.name, replicas: 1}))
		await place.ready("store", 1)
		await place.profile({dataplane: sidecar, migration: quick})
		const {message} = await place.until("NeedsAcceptance")
		expect(message).toMatch(/^SingleReplica: /)
		await place.decide({accept: ["NoReadinessProbe"]})
		await waitFor(
			"the operator to have read it",
			() => place.binding(),
			(one) => one?.status?.observedGeneration === one?.metadata.generation,
		)
		await place.until("NeedsAcceptance")
		await place.decide({accept: ["SingleReplica"]})
		await place.on("istio-sidecar")
	})

	test("two profiles of one priority: nothing moves and all three say so, until one is given another", async ({
		expect,
	}) => {
		const place = await withWeb()
		const other = `${place.name}-b`
		await place.profile({dataplane: sidecar, migration: {approval: "Manual"}})
		await place.until("AwaitingApproval")
		await place.profile({dataplane: ambient, migration: quick}, other)
		const tie = await place.until("Blocked")
		expect(tie.message).toContain(place.name)
		expect(tie.message).toContain(other)
		for (const name of [place.name, other]) {
			const seen = await waitFor(
				`the profile ${name} to say so`,
				() => place.profileNow(name),
				(one) => conditionOf(one, "Accepted")?.status === "False",
			)
			expect(conditionOf(seen, "Accepted")?.reason).toBe("ProfileTie")
		}
		expect(await generationOf(place)).toBe(1)
		await place.profile({dataplane: ambient, migration: quick, priority: 1}, other)
		const binding = await place.on("istio-ambient")
		expect(binding.metadata.labels?.["heddle.dev/profile"]).toBe(other)
		const loser = await waitFor(
			"the loser to say so",
			() => place.profileNow(),
			(one) => conditionOf(one, "Accepted")?.reason === "Outranked",
		)
		expect(loser?.status?.namespaces).toMatchObject({selected: 0, lost: 1})
	})

	test.for([
		["a dataplane that is not installed", {mode: "Sidecar", provider: "linkerd"}, /^Dataplane/],
		["an unknown revision", {...sidecar, revision: "9-9-9"}, /^RevisionNotFound: .*9-9-9/],
	] as const)("%s blocks, and nothing moves", async ([_, dataplane, why], {expect}) => {
		const place = await withWeb()
		await place.profile({dataplane, migration: quick})
		const condition = await place.until("Blocked")
		expect(condition.message).toMatch(why)
		expect(conditionOf(await place.binding(), "DataplaneReady")).toMatchObject({status: "False"})
		expect(await generationOf(place)).toBe(1)
		expect((await place.profileNow())?.metadata.finalizers).toEqual(["heddle.dev/profile"])
		const profile = await waitFor(
			"the profile to count it",
			() => place.profileNow(),
			(one) => one?.status?.namespaces?.blocked === 1,
		)
		expect(conditionOf(profile, "Ready")).toMatchObject({status: "False", reason: "Blocked"})
	})

	test("the control plane's own namespace is refused, and gets nothing but a MeshBinding", async ({
		expect,
	}) => {
		const {world} = stage()
		const place = await stage().place()
		const istio = new Place(world.client, "istio-system")
		const before = await istio.labels()
		await istio.profile({dataplane: ambient, migration: quick}, `${place.name}-istio`)
		const {message} = await istio.until("Blocked")
		expect(message).toMatch(/^ControlPlaneNamespace: /)
		expect(await istio.labels()).toEqual(before)
		await istio.delete(MeshProfile, `${place.name}-istio`)
		await waitFor(
			"its MeshBinding to go",
			() => istio.binding(),
			(one) => one === undefined,
		)
	})
})
