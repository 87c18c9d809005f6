import fc from "fast-check"
import {afterAll, beforeAll, expect, test} from "vitest"
import {described} from "../../../profiles/policy/compare.ts"
import {
	decideAtSidecar,
	decideAtZtunnel,
	type IstioWorld,
	istioWorld,
} from "../../../profiles/policy/istio/decide.ts"
import type {Decision, Request} from "../../../profiles/policy/request.ts"
import {istioPolicies} from "../../../profiles/policy/testing/istio.ts"
import {peerAuthentications} from "../../../profiles/policy/testing/peers.ts"
import {pods} from "../../../profiles/policy/testing/requests.ts"
import {admitsAtZtunnel} from "../../kit/istiod/authorization.ts"
import {authorizations} from "../../kit/istiod/debug.ts"
import {admitsInbound} from "../../kit/istiod/inbound.ts"
import {inboundOf, type Placed, place, remove, untilSeen} from "../../kit/istiod/placed.ts"
import {requestsTo} from "../../kit/istiod/requests.ts"
import {useWorld} from "../../kit/sandbox.ts"

/*
 * The evaluators that every translation is proved against, against the real istiod: it gets random policies, and what
 * it then generates for a pod decides requests as the evaluator does. What reads istiod's output here is written from
 * the references of Envoy and of ztunnel, and shares nothing with the evaluators.
 */

const world = useWorld()
const seed = Number(process.env.HEDDLE_SEED ?? 20261122)
const roots = ["istio-system"]
const sets = 12
const slow = {timeout: 300_000}

/** Policies of callers and requests, and of mutual TLS, together. */
const policies = fc.tuple(istioPolicies(), peerAuthentications).map((both) => both.flat())

let placed: readonly Placed[] = []
beforeAll(async () => {
	const all = fc.sample(policies, {numRuns: sets, seed})
	placed = await Promise.all(all.map((one) => place(world(), one)))
	await untilSeen(world(), placed)
}, 300_000)
afterAll(() => remove(world(), placed))

type Judge = (request: Request) => boolean

/** Puts requests to both for every pod; returns how many there were, and what was decided differently. */
async function compared(
	ours: (world: IstioWorld, request: Request) => Decision,
	theirs: (placed: Placed, app: string) => Judge | Promise<Judge>,
): Promise<{asked: number; admitted: number; wrong: readonly string[]}> {
	let [asked, admitted] = [0, 0]
	const wrong: string[] = []
	for (const one of placed) {
		const evaluated = istioWorld(one.policies, roots)
		for (const {labels} of pods) {
			const judge = await theirs(one, labels.app)
			for (const each of requestsTo(one, labels, evaluated, seed)) {
				const {verdict, by} = ours(evaluated, each)
				const admits = judge(each)
				asked++
				if (admits) admitted++
				if (admits !== (verdict === "allow") && wrong.length < 10)
					wrong.push(
						`${described(each)}: ${verdict} by ${by}; ${JSON.stringify(one.policies.map((p) => Reflect.get(p, "spec")))}`,
					)
			}
		}
	}
	return {asked, admitted, wrong}
}

test("sidecars decide as the evaluator does, by what the real istiod generates for them", slow, async () => {
	const found = await compared(decideAtSidecar, async (one, app) => {
		const listener = await inboundOf(world(), one, app)
		return (each) => admitsInbound(listener, each)
	})
	expect(found.wrong).toEqual([])
	expect(found.asked).toBeGreaterThan(sets * 600)
	expect(found.admitted / found.asked).toBeGreaterThan(0.15)
	expect(found.admitted / found.asked).toBeLessThan(0.85)
})

test("a ztunnel decides as the evaluator does, by what the real istiod hands to it", slow, async () => {
	const given = await authorizations(world())
	const found = await compared(decideAtZtunnel, ({namespace}, app) => {
		const own = given(namespace, app)
		return (each) => admitsAtZtunnel(own, each)
	})
	expect(found.wrong).toEqual([])
	expect(found.asked).toBeGreaterThan(sets * 600)
	expect(found.admitted / found.asked).toBeGreaterThan(0.15)
	expect(found.admitted / found.asked).toBeLessThan(0.85)
})
