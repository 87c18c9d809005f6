import type {ExpectStatic} from "vitest"
import {Pod} from "../../profiles/snapshot/kinds.ts"
import type {Pod as PodShape} from "../../profiles/snapshot/shapes.ts"
import type {Place} from "../api/operator/place.ts"
import type {World} from "../kit/open-world.ts"
import {type Captured, startCapture} from "./capture.ts"
import type {Measured} from "./course.ts"
import {report, resultOf} from "./results.ts"
import {tallyOf} from "./tally.ts"
import type {TrafficResult} from "./traffic-result.ts"

/** What the second promise is judged by: answers to probers that had to be refused, and packets between pods. */

/** Requests that had to be refused, and those among them that were not. */
function unauthorised({probes}: Measured) {
	const {requests, admitted, outcomes} = tallyOf(Object.values(probes).flatMap(({seconds}) => seconds))
	return {sent: requests, admitted, outcomes}
}

/** Captures while `work` goes on. The prober outside of the mesh speaks plaintext, as it must. */
export async function captured(
	world: World,
	clients: Place,
	work: () => Promise<unknown>,
): Promise<Captured> {
	const outsider = await clients.get<PodShape>(Pod, "outsider")
	const capture = await startCapture(world, [outsider?.status?.podIP ?? ""])
	try {
		await work()
		return await capture.end()
	} finally {
		capture.kill()
	}
}

type Watched = {
	readonly facts: Pick<TrafficResult, "name" | "title">
	readonly measured: Measured
	readonly plaintext: Captured | undefined
}

/** Nothing lost, nobody admitted, nothing in the clear; and each of them was looked at often enough to say so. */
export function expectKept(expect: ExpectStatic, {facts, measured, plaintext}: Watched): void {
	const watched = {...facts, unauthorised: unauthorised(measured), ...(plaintext && {plaintext})}
	const result = report(resultOf(watched, measured))
	expect(result).toMatchObject({
		lost: 0,
		unauthorised: {admitted: 0},
		plaintext: {plaintextRequests: 0, plaintextResponses: 0},
	})
	expect(result.unauthorised?.sent).toBeGreaterThan(1000)
	expect(result.plaintext?.tls).toBeGreaterThan(100)
}
