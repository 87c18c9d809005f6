import {afterEach, expect, test} from "vitest"
import {istioClients, istioServers, istioWaypoints} from "../../profiles/traffic/istio.ts"
import {readTraffic} from "./read-traffic.ts"
import {type Answer, openPrometheus} from "./testing/stand-in.ts"

/*
 * A server of our own stands in for Prometheus: it answers by a table of query fragments, so that every odd answer can
 * be given. That real proxies report these metrics to a real Prometheus is for the node tests to show.
 */
const opened: (() => Promise<void>)[] = []
afterEach(() => Promise.all(opened.splice(0).map((close) => close())))

async function standIn(answer: ((promql: string) => Answer) | undefined): Promise<string> {
	const {address, close} = await openPrometheus(answer)
	opened.push(close)
	return address
}

const now = 1_000_000_000
const asked = {namespace: "shop", seconds: 60}

/** Numbers for one reporter; every other one has no sample. */
const counts =
	(
		reporter: string,
		{newest, requests, good, p99}: {newest: number; requests: number; good?: number; p99?: number},
	) =>
	(promql: string): Answer => {
		if (!promql.includes(`reporter="${reporter}"`)) return undefined
		if (promql.includes("timestamp")) return newest
		if (promql.includes("histogram_quantile")) return p99
		return promql.includes("response_code!~") ? good : requests
	}

test("a namespace on the way is counted by both of its dataplanes, and both count", async () => {
	const destination = counts("destination", {newest: now / 1000, requests: 100, good: 99, p99: 5})
	const waypoint = counts("waypoint", {newest: now / 1000, requests: 50, good: 50, p99: 9})
	const address = await standIn((promql) => destination(promql) ?? waypoint(promql))
	const views = [istioServers, istioWaypoints, istioClients]
	expect(await readTraffic({address, views, staleAfter: 60, now}, asked)).toEqual({
		seconds: 60,
		sides: [{side: "server", requests: 150, succeeded: 149, p99Millis: 9}],
	})
})

test("without one success there is no such series, and every request failed", async () => {
	const address = await standIn(counts("destination", {newest: now / 1000, requests: 10}))
	const {sides} = (await readTraffic({address, views: [istioServers], staleAfter: 60, now}, asked)) as {
		sides: unknown
	}
	expect(sides).toEqual([{side: "server", requests: 10, succeeded: 0}])
})

test("samples of another time are none", async () => {
	const address = await standIn(counts("destination", {newest: now / 1000 - 61, requests: 10, good: 10}))
	expect(await readTraffic({address, views: [istioServers], staleAfter: 60, now}, asked)).toEqual({
		seconds: 60,
		sides: [],
	})
})

test.each([
	[
		"an error of the query",
		{code: 400, body: '{"status":"error","error":"parse error"}'},
		"answers 400: parse error",
	],
	["a page of something else", {code: 200, body: "<html>"}, "not the answer of a Prometheus"],
	["a gateway that is down", {code: 502, body: ""}, "answers 502"],
	[
		"another type",
		{code: 200, body: '{"status":"success","data":{"resultType":"matrix","result":[]}}'},
		"matrix",
	],
])("%s is a problem that says so", async (_, answer, says) => {
	const address = await standIn(() => answer)
	const read = await readTraffic({address, views: [istioServers], staleAfter: 60, now}, asked)
	expect(read).toEqual({problem: expect.stringContaining(says)})
})

test("nobody there is a problem too", async () => {
	const address = await standIn(undefined)
	const read = await readTraffic({address, views: [istioServers], staleAfter: 60, now}, asked)
	expect(read).toEqual({problem: expect.stringContaining("cannot be reached")})
})
