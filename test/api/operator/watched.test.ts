import {describe, test} from "vitest"
import {Deployment, Namespace, Pod} from "../../../profiles/snapshot/kinds.ts"
import {waitFor} from "../../kit/wait.ts"
import {ambient, deployment, pod, quick, sidecar} from "./manifests.ts"
import {conditionOf, isRedirected, type Place} from "./place.ts"
import {useStage} from "./stage.ts"

const stage = useStage()

/** What the operator's own metrics count as broken in a namespace. */
async function breaches({name}: Place): Promise<Readonly<Record<string, number>>> {
	const text = await (await fetch(stage().operator.metrics)).text()
	const line = new RegExp(
		`^heddle_invariant_breaches\\{namespace="${name}",invariant="(\\w+)"\\} (\\d+)$`,
		"gm",
	)
	return Object.fromEntries(
		[...text.matchAll(line)].map(([, invariant, count]) => [invariant, Number(count)]),
	)
}

const none = {captured: 0, strict: 0, declared: 0}
const counted = (place: Place, expected: object) =>
	waitFor(
		`the breaches of ${place.name} to be ${JSON.stringify(expected)}`,
		() => breaches(place),
		(seen) => JSON.stringify(seen) === JSON.stringify(expected),
		{timeoutMs: 40_000},
	)

async function arrived(dataplane: object, more: object = {}): Promise<Place> {
	const place = await stage().place()
	await place.apply(deployment("web", {namespace: place.name}))
	await place.ready("web", 2)
	await place.profile({dataplane, migration: quick, ...more})
	await place.on((dataplane as {provider: string}).provider, {timeoutMs: 40_000})
	await counted(place, none)
	return place
}

const enrolled = (place: Place, reason: string) =>
	waitFor(
		`WorkloadsEnrolled to be ${reason}`,
		async () => conditionOf(await place.binding(), "WorkloadsEnrolled"),
		(condition) => condition?.reason === reason,
		{timeoutMs: 40_000},
	)

describe.concurrent("a namespace that has arrived is watched", () => {
	test("a pod that the stand-in for Istio's agent lets go is told, and its workload is rolled once more", async ({
		expect,
	}) => {
		const place = await arrived(ambient)
		// Held, so that what is found can be looked at before it is put right.
		await place.decide({hold: true})
		await waitFor(
			"the hold to be seen",
			() => place.binding(),
			(one) => one?.status?.observedGeneration === one?.metadata.generation,
		)
		const [first] = await place.ready("web", 2)
		await place.patch(Pod, first?.metadata.name ?? "", {
			metadata: {labels: {"istio.io/dataplane-mode": "none"}},
		})
		const condition = await enrolled(place, "CaptureLost")
		expect(condition?.message).toContain(`Pod/${place.name}/${first?.metadata.name}`)
		await counted(place, {...none, captured: 1})
		await place.decide({hold: false})
		await enrolled(place, "Enrolled")
		await counted(place, none)
		const pods = await place.ready("web", 2)
		expect(pods.every(isRedirected)).toBe(true)
		expect(pods.map(({metadata}) => metadata.name)).not.toContain(first?.metadata.name)
	})

	test("an unmeshed pod where plaintext is refused is told, and never touched", async ({expect}) => {
		const place = await arrived(sidecar, {
			mtls: "Strict",
			migration: {...quick, accept: ["PlaintextCallersUnknown"]},
		})
		const lonely = pod("lonely", {namespace: place.name})
		const labels = {app: "lonely", "sidecar.istio.io/inject": "false"}
		await place.apply({...lonely, metadata: {...lonely.metadata, labels}})
		const [made] = await place.ready("lonely", 1)
		const condition = await enrolled(place, "Unmeshed")
		expect(condition?.message).toMatch(/Pod\/\S+\/lonely: .*left to a person/)
		expect(conditionOf(await place.binding(), "EnforcementVerified")).toMatchObject({status: "False"})
		await counted(place, {...none, strict: 1})
		expect((await place.pods("lonely")).map(({metadata}) => metadata.uid)).toEqual([made?.metadata.uid])
		await place.delete(Pod, "lonely")
		await enrolled(place, "Enrolled")
		await counted(place, none)
	})

	test("a label of the namespace that drifted is set again, and no pod is touched for it", async ({
		expect,
	}) => {
		const place = await arrived(sidecar)
		const before = await place.get(Deployment, "web")
		await place.patch(Namespace, place.name, {metadata: {labels: {"istio-injection": null}}})
		await waitFor(
			"the label to be back",
			() => place.labels(),
			(labels) => labels["istio-injection"] === "enabled",
			{timeoutMs: 40_000},
		)
		await counted(place, none)
		expect((await place.get(Deployment, "web"))?.metadata.generation).toBe(before?.metadata.generation)
	})
})
