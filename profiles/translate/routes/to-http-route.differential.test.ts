import {createHash} from "node:crypto"
import {readdirSync, readFileSync, writeFileSync} from "node:fs"
import {isDeepStrictEqual} from "node:util"
import fc from "fast-check"
import {describe, expect, test} from "vitest"
import {parse, stringify} from "yaml"
import {decideByVirtualService} from "../../routing/decide-virtual-service.ts"
import {readVirtualRoutes} from "../../routing/read-virtual-service.ts"
import type {Outcome, RoutedRequest} from "../../routing/request.ts"
import {destinationRule, pods, routedRequest, services, virtualService} from "../../routing/testing/routes.ts"
import type {KubeObject} from "../../snapshot/object.ts"
import {snapshotOf} from "../../snapshot/snapshot.ts"
import {customResource} from "../../testing/gateway-api.ts"
import {worstOf} from "../types.ts"
import {routeMoments} from "./moments.ts"
import {namespaceRoutes} from "./namespace-routes.ts"

/** Cases that once failed; a new failure is shrunk and kept here. */
const corpus = new URL("../corpus/", import.meta.url)
const prefix = "routes-to-gateway-api-"
const perSet = 40
const wanted = Number(process.env.HEDDLE_DIFFERENTIAL_PAIRS ?? 24_000)

type Case = {readonly source: KubeObject; readonly requests: readonly RoutedRequest[]}
const met = {pairs: 0, exact: 0, compared: 0, forwarded: 0, split: 0, versions: 0, unmatched: 0}
const world = {services, rules: [destinationRule]}
const definition = customResource("experimental")

function judge({source, requests}: Case): void {
	const made = namespaceRoutes(
		snapshotOf([...services, ...pods, destinationRule, definition, source]),
		"shop",
	)
	const verdict = worstOf(made.translations.flatMap(({fields}) => fields))
	const isExact = made.translations.length > 0 && verdict === "exact"
	const written = {routes: readVirtualRoutes(source).value, namespace: "shop"}
	const moments = routeMoments(source, world, made)
	for (const request of requests) {
		met.pairs += 1
		if (!isExact) continue
		met.exact += 1
		const was = decideByVirtualService(world, written, request)
		count(was)
		if (made.retired.length > 0) met.versions += 1
		for (const {name, decide} of moments) {
			met.compared += 1
			const is = decide(request)
			if (!isDeepStrictEqual(is, was))
				throw new Error(`at ${name}: ${JSON.stringify({request, was, is}, null, 1)}`)
		}
	}
}

function count(was: Outcome): void {
	if (was.kind === "forward") met.forwarded += 1
	if (was.kind === "forward" && was.shares.length > 1) met.split += 1
	if (was.kind === "unmatched") met.unmatched += 1
}

function keep(found: Case): void {
	const text = stringify(found, {aliasDuplicateObjects: false})
	const hash = createHash("sha256").update(text).digest("hex").slice(0, 8)
	writeFileSync(new URL(`${prefix}${hash}.yaml`, corpus), text)
}

describe("a VirtualService as an HTTPRoute", () => {
	const kept = readdirSync(corpus).filter((name) => name.startsWith(prefix))
	test.each(kept)("still agrees on %s", (name) => {
		const found = parse(readFileSync(new URL(name, corpus), "utf8")) as Case
		expect(() => judge(found)).not.toThrow()
	})

	test("sends every request where it went before, as often and as changed, at every moment of the move", () => {
		const requests = fc.array(routedRequest, {minLength: perSet / 2, maxLength: perSet, size: "max"})
		const run = fc.check(
			fc.property(virtualService, requests, (source, list) => judge({source, requests: list})),
			{numRuns: Math.ceil(wanted / (perSet * 0.75))},
		)
		if (run.failed) {
			const [source, list] = run.counterexample ?? []
			if (source !== undefined && list !== undefined) keep({source, requests: list})
			throw new Error(`seed ${run.seed}: ${run.errorInstance}\n${JSON.stringify(source, null, 1)}`)
		}
		expect(met.pairs).toBeGreaterThan(20_000)
		expect(met.exact / met.pairs).toBeGreaterThan(0.05)
		expect(met.forwarded).toBeGreaterThan(500)
		expect(met.split).toBeGreaterThan(200)
		expect(met.versions).toBeGreaterThan(500)
		expect(met.unmatched).toBeGreaterThan(50)
	}, 60_000)
})
