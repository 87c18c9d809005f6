import {createHash} from "node:crypto"
import {existsSync, readdirSync, readFileSync, writeFileSync} from "node:fs"
import fc from "fast-check"
import {parse, stringify} from "yaml"
import {described} from "../../policy/compare.ts"
import type {Request} from "../../policy/request.ts"
import type {KubeObject} from "../../snapshot/object.ts"
import type {Moments} from "../moments.ts"
import {type Translated, worstOf} from "../types.ts"

/** What a translator made of a set of policies, as decisions that can be compared. */
export type Judged = {
	/** Nothing is promised of a set that is not carried: the plan is refused. */
	readonly carried: "exactly" | "approximately" | "not"
	readonly moments: Moments
}

export type Differential = {
	/** Names the cases that are kept in `translate/corpus`. */
	readonly pair: string
	readonly policies: fc.Arbitrary<readonly KubeObject[]>
	readonly request: fc.Arbitrary<Request>
	readonly judge: (policies: readonly KubeObject[]) => Judged
	/** (policies, request) pairs; more by HEDDLE_DIFFERENTIAL_PAIRS, which counts for each test. */
	readonly pairs: number
}

/** What was met, so that a test can tell that the generators reach the corners that they are for. */
export type Tally = {
	pairs: number
	exact: number
	compared: number
	allowed: number
	deniedByRule: number
	allowedByRule: number
	blocked: number
}

type Case = {readonly policies: readonly KubeObject[]; readonly requests: readonly Request[]}

export function carriedBy({translations}: Translated): Judged["carried"] {
	const verdict = worstOf(translations.flatMap(({fields}) => fields))
	if (verdict === "blocked") return "not"
	return verdict === "exact" || verdict === "dropped" ? "exactly" : "approximately"
}

const corpus = new URL("../corpus/", import.meta.url)
const perSet = 40

/** Throws with the first request on which a moment of the move is wider, or an exact end differs. */
function judgeCase({policies, requests}: Case, {judge}: Differential, tally: Tally): void {
	const {carried, moments} = judge(policies)
	for (const request of requests) {
		const was = moments.before(request)
		count(tally, carried, was)
		if (carried === "not") continue
		for (const [moment, decide] of Object.entries({...moments.during, "the end": moments.end})) {
			const now = decide(request)
			if (was.verdict === "deny" && now.verdict === "allow")
				throw new Error(`wider at ${moment}: ${described(request)}: ${was.by}, then ${now.by}`)
		}
		if (carried !== "exactly" || !moments.promises(request)) continue
		tally.compared += 1
		const now = moments.end(request)
		if (was.verdict !== now.verdict)
			throw new Error(`narrower: ${described(request)}: ${was.by}, then ${now.by}`)
	}
}

function count(tally: Tally, carried: Judged["carried"], {verdict, by}: {verdict: string; by: string}): void {
	tally.pairs += 1
	if (carried === "exactly") tally.exact += 1
	if (carried === "not") tally.blocked += 1
	if (verdict === "allow") tally.allowed += 1
	if (/ rule \d/.test(by)) {
		if (verdict === "allow") tally.allowedByRule += 1
		else tally.deniedByRule += 1
	}
}

const empty = (): Tally => ({
	pairs: 0,
	exact: 0,
	compared: 0,
	allowed: 0,
	deniedByRule: 0,
	allowedByRule: 0,
	blocked: 0,
})

/** Puts random requests to random policies and to what becomes of them; a failure is shrunk and kept. */
export function differential(given: Differential): Tally {
	for (const kept of keptCases(given.pair)) judgeCase(kept, given, empty())
	const tally = empty()
	const wanted = Number(process.env.HEDDLE_DIFFERENTIAL_PAIRS ?? given.pairs)
	const requests = fc.array(given.request, {minLength: 1, maxLength: perSet, size: "max"})
	const run = fc.check(
		fc.property(given.policies, requests, (policies, list) =>
			judgeCase({policies, requests: list}, given, tally),
		),
		{numRuns: Math.ceil(wanted / (perSet / 2))},
	)
	if (run.failed) {
		const [policies, list] = run.counterexample ?? [[], []]
		keep(given.pair, {policies, requests: list})
		throw new Error(
			`${given.pair}, seed ${run.seed}: ${(run.errorInstance as Error | undefined)?.message}\n${JSON.stringify(
				policies.map((one) => ({
					name: one.metadata.name,
					namespace: one.metadata.namespace,
					kind: one.kind,
					...(one as {spec?: object}).spec,
				})),
				null,
				1,
			)}`,
		)
	}
	return tally
}

function keep(pair: string, found: Case): void {
	const text = stringify(found, {aliasDuplicateObjects: false})
	const name = `${pair}-${createHash("sha256").update(text).digest("hex").slice(0, 8)}.yaml`
	writeFileSync(new URL(name, corpus), text)
}

function keptCases(pair: string): readonly Case[] {
	if (!existsSync(corpus)) return []
	return readdirSync(corpus)
		.filter((name) => name.startsWith(`${pair}-`) && name.endsWith(".yaml"))
		.map((name) => parse(readFileSync(new URL(name, corpus), "utf8")) as Case)
}
