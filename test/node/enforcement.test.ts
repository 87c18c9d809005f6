import {describe, test} from "vitest"
import {addRevision} from "../../installer/sandbox/index.ts"
import {Pod} from "../../profiles/snapshot/kinds.ts"
import type {Pod as PodShape} from "../../profiles/snapshot/shapes.ts"
import {sidecar} from "../api/operator/manifests.ts"
import {isInjected, type Place} from "../api/operator/place.ts"
import {type Captured, startCapture} from "./capture.ts"
import {type Measured, measure, openPlace} from "./course.ts"
import {useNode} from "./node.ts"
import {callers, intruders, peerAuthentication, policies} from "./policies.ts"
import {report, resultOf} from "./results.ts"
import {caseMs, deploy, patience, podsOf, quick, settled, useOperator} from "./scene.ts"
import {tallyOf} from "./tally.ts"

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

/** Requests that had to be refused, and those among them that were not. */
function unauthorised({probes}: Measured) {
	const {requests, admitted, outcomes} = tallyOf(Object.values(probes).flatMap(({seconds}) => seconds))
	return {sent: requests, admitted, outcomes}
}

async function addressOf(place: Place, pod: string): Promise<string> {
	const found = await place.get<PodShape>(Pod, pod)
	return found?.status?.podIP ?? ""
}

/** Captures while `work` goes on. */
async function captured(clients: Place, work: () => Promise<unknown>): Promise<Captured> {
	const capture = await startCapture(world(), [await addressOf(clients, "outsider")])
	try {
		await work()
		return await capture.end()
	} finally {
		capture.kill()
	}
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
			probers: intruders,
			act: async (more) => {
				await place.profile({dataplane: sidecar, mtls: "Strict", migration})
				await settled(place)
				plaintext = await captured(clients, () => more(2_000))
				await place.profile({dataplane: sidecar, mtls: "Permissive", migration})
				await settled(place)
			},
		})
		const facts = {name: "7-strict", title: "Permissive → Strict → Permissive, allow and deny policies"}
		const result = report(
			resultOf({...facts, unauthorised: unauthorised(measured), ...(plaintext && {plaintext})}, measured),
		)
		expect(result).toMatchObject({
			lost: 0,
			unauthorised: {admitted: 0},
			plaintext: {plaintextRequests: 0, plaintextResponses: 0},
		})
		expect(result.unauthorised?.sent).toBeGreaterThan(1000)
		expect(result.plaintext?.tls).toBeGreaterThan(100)
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
			probers: intruders,
			act: async () => {
				plaintext = await captured(clients, async () => {
					await place.profile({dataplane: {...sidecar, revision}, mtls: "Strict", migration})
					await podsOf(place, (pod) => isInjected(pod) && isOfRevision(pod))
					await settled(place)
				})
			},
		})
		const facts = {name: "8-revision", title: "sidecar revision → revision, Strict, allow and deny policies"}
		const result = report(
			resultOf({...facts, unauthorised: unauthorised(measured), ...(plaintext && {plaintext})}, measured),
		)
		expect(result).toMatchObject({
			lost: 0,
			unauthorised: {admitted: 0},
			plaintext: {plaintextRequests: 0, plaintextResponses: 0},
		})
		expect(result.unauthorised?.sent).toBeGreaterThan(1000)
		expect(result.plaintext?.tls).toBeGreaterThan(100)
	})
})

const isOfRevision = ({metadata}: PodShape): boolean =>
	JSON.parse(metadata.annotations?.["sidecar.istio.io/status"] ?? "{}").revision === revision
