import {describe, test} from "vitest"
import {ambient as addition} from "../../installer/sandbox/node/ambient/index.ts"
import {ambient, sidecar} from "../api/operator/manifests.ts"
import {isInjected, isRedirected, type Place} from "../api/operator/place.ts"
import type {Captured} from "./capture.ts"
import {measure, openPlace} from "./course.ts"
import {useAddition, useNode} from "./node.ts"
import {callers, callersAlone, intruders, peerAuthentication, policies, strangers} from "./policies.ts"
import {report, resultOf} from "./results.ts"
import {caseMs, deploy, patience, podsOf, quick, settled, thereAndBack, useOperator} from "./scene.ts"
import {captured, expectKept} from "./watched.ts"

/*
 * Level traffic, for Istio's ambient: its ztunnel, its node agent and its CNI plugin are the real ones. Waypoints are
 * what Istio's sidecars are here: its agent with a stock Envoy (installer/sandbox/node/ambient/istio.ts).
 */
const world = useNode()
useAddition(world, addition)
const operator = useOperator(world)

describe("no request is lost while", {timeout: caseMs}, () => {
	test.for([
		{callers: "none", name: "13-ambient", title: "none → ambient → none, callers outside of the mesh"},
		{callers: "ambient", name: "14-ambient-meshed", title: "none → ambient → none, callers in ambient"},
	] as const)("$title", async ({callers, name, title}, {expect}) => {
		const [place, clients] = [await openPlace(world()), await openPlace(world())]
		await deploy(place)
		await operator.running()
		const measured = await measure(world(), {
			place,
			clients,
			callers,
			act: () => thereAndBack(place, {dataplane: ambient, name: "istio-ambient", isOn: isRedirected}),
		})
		expect(report(resultOf({name, title}, measured))).toMatchObject({lost: 0})
	})
})

/** The outsider of these cases is what Heddle warns of: somebody has to accept that it will be refused. */
const accept = ["PlaintextCallersUnknown"]
const strict = (dataplane: object, more: readonly string[] = []) => ({
	dataplane,
	mtls: "Strict" as const,
	migration: {...quick, accept: [...accept, ...more]},
})

/** An application in sidecars, strict, with what its callers and policies are. */
async function onSidecars(
	rules: (place: Place, clients: Place) => Promise<void>,
): Promise<{place: Place; clients: Place}> {
	const injected = {"istio-injection": "enabled"}
	const [place, clients] = [await openPlace(world(), injected), await openPlace(world())]
	await rules(place, clients)
	await place.apply(peerAuthentication(place.name, "STRICT"))
	await deploy(place)
	await operator.running()
	await place.profile(strict(sidecar))
	await place.on("istio-sidecar", patience)
	return {place, clients}
}

async function toAmbientAndBack(place: Place, more: readonly string[] = []): Promise<void> {
	await place.profile(strict(ambient, more))
	await podsOf(place, isRedirected)
	await settled(place)
	await place.profile(strict(sidecar, more))
	await podsOf(place, isInjected)
	await settled(place)
}

describe("policies hold and no request is lost while", {timeout: caseMs}, () => {
	test.for([
		{
			mesh: "sidecar",
			name: "15-sidecar-ambient",
			title: "sidecar → ambient → sidecar, Strict, an allow policy, callers with a sidecar",
		},
		{
			mesh: "ambient",
			name: "16-sidecar-ambient-meshed",
			title: "sidecar → ambient → sidecar, Strict, an allow policy, callers in ambient",
		},
	] as const)("$title", async ({mesh, name, title}, {expect}) => {
		const {place, clients} = await onSidecars((place, clients) =>
			place.apply(callersAlone(place.name, clients.name, callers)),
		)
		let plaintext: Captured | undefined
		const measured = await measure(world(), {
			place,
			clients,
			callers: mesh,
			probers: strangers(mesh),
			act: async () => {
				plaintext = await captured(world(), clients, () => toAmbientAndBack(place))
			},
		})
		expectKept(expect, {facts: {name, title}, measured, plaintext})
	})

	// The only pods with sidecars are the application's own, and it calls nobody.
	test("rules about HTTP go from sidecars to a waypoint", async ({expect}) => {
		const {place, clients} = await onSidecars((place, clients) =>
			place.apply(...policies(place.name, clients.name, callers)),
		)
		let plaintext: Captured | undefined
		const measured = await measure(world(), {
			place,
			clients,
			callers: "ambient",
			probers: intruders("ambient"),
			act: async () => {
				plaintext = await captured(world(), clients, async () => {
					await place.profile(strict(ambient, ["WaypointOrderUnproven", "SidecarCallersRefusedByGuard"]))
					await podsOf(place, isRedirected)
					await settled(place)
				})
			},
		})
		const facts = {
			name: "17-waypoint",
			title: "sidecar → ambient with a waypoint, Strict, allow and deny policies, callers in ambient",
		}
		expectKept(expect, {facts, measured, plaintext})
	})
})
