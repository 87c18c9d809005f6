import {describe, test} from "vitest"
import {addRevision} from "../../installer/sandbox/index.ts"
import type {Pod as PodShape} from "../../profiles/snapshot/shapes.ts"
import {sidecar} from "../api/operator/manifests.ts"
import {isInjected, type Place} from "../api/operator/place.ts"
import type {Captured} from "./capture.ts"
import {measure, openPlace} from "./course.ts"
import {useNode} from "./node.ts"
import {callers, intruders, peerAuthentication, policies} from "./policies.ts"
import {caseMs, deploy, patience, podsOf, quick, settled, useOperator} from "./scene.ts"
import {captured, expectKept} from "./watched.ts"

/*
 * Level traffic, the second promise: at no moment is a request admitted that the policies deny, nor is anything sent in
 * the clear where mTLS is strict. Three intruders ask 20 times a second each, from before the change until after it.
 */
const world = useNode()
const operator = useOperator(world)
const revision = "canary"
/** The outsider of these cases is what Heddle warns of: somebody has to accept that it will be refused. */
const migration = {...quick, accept: ["PlaintextCallersUnknown"]}

/** A namespace in the mesh with its policies in force, and its callers. */
async function guarded(): Promise<{place: Place; clients: Place}> {
	const injected = {"istio-injection": "enabled"}
	const [place, clients] = [await openPlace(world(), injected), await openPlace(world(), injected)]
	await place.apply(...policies(place.name, clients.name, callers))
	await deploy(place)
	await operator.running()
	return {place, clients}
}

describe("policies hold while", {timeout: caseMs}, () => {
	test("mTLS becomes strict and permissive again", async ({expect}) => {
		const {place, clients} = await guarded()
		await place.profile({dataplane: sidecar, mtls: "Permissive", migration})
		await place.on("istio-sidecar", patience)
		let plaintext: Captured | undefined
		const measured = await measure(world(), {
			place,
			clients,
			callers: "sidecar",
			probers: intruders("sidecar"),
			act: async (more) => {
				await place.profile({dataplane: sidecar, mtls: "Strict", migration})
				await settled(place)
				plaintext = await captured(world(), clients, () => more(2_000))
				await place.profile({dataplane: sidecar, mtls: "Permissive", migration})
				await settled(place)
			},
		})
		const facts = {name: "7-strict", title: "Permissive → Strict → Permissive, allow and deny policies"}
		expectKept(expect, {facts, measured, plaintext})
	})

	test("pods move from one revision of the control plane to another, with strict mTLS", async ({expect}) => {
		await addRevision({name: world().sandbox.name, revision})
		const {place, clients} = await guarded()
		await place.apply(peerAuthentication(place.name, "STRICT"))
		await place.profile({dataplane: {...sidecar, revision: "default"}, mtls: "Strict", migration})
		await place.on("istio-sidecar", patience)
		let plaintext: Captured | undefined
		const measured = await measure(world(), {
			place,
			clients,
			callers: "sidecar",
			probers: intruders("sidecar"),
			act: async () => {
				plaintext = await captured(world(), clients, async () => {
					await place.profile({dataplane: {...sidecar, revision}, mtls: "Strict", migration})
					await podsOf(place, (pod) => isInjected(pod) && isOfRevision(pod))
					await settled(place)
				})
			},
		})
		const facts = {name: "8-revision", title: "sidecar revision → revision, Strict, allow and deny policies"}
		expectKept(expect, {facts, measured, plaintext})
	})
})

const isOfRevision = ({metadata}: PodShape): boolean =>
	JSON.parse(metadata.annotations?.["sidecar.istio.io/status"] ?? "{}").revision === revision
