import type {ServerResponse} from "node:http"
import {describe, expect, onTestFinished, test, vi} from "vitest"
import {explain} from "./explain.ts"
import {type HttpOptions, openHttp, type RequestMetric} from "./http.ts"
import {configFor, faultServer, type Handler, sendJson, sendStatus} from "./testing/fault-server.ts"

const doing = {verb: "list", resource: "pods", namespace: "shop"}
const read = {method: "GET", path: "/api/v1/namespaces/shop/pods", doing} as const
const write = {
	method: "PATCH",
	path: "/api/v1/namespaces/shop/pods/a",
	doing: {verb: "apply", resource: "pods", namespace: "shop", name: "a"},
	body: {},
} as const
const create = {...write, method: "POST", path: "/api/v1/namespaces/shop/pods"} as const

async function open(handler: Handler, options: Partial<HttpOptions> = {}) {
	const server = await faultServer(handler)
	const http = openHttp({config: server.config, ...options})
	onTestFinished(async () => {
		await http.close()
		await server[Symbol.asyncDispose]()
	})
	return {server, http}
}

/** Fails as many times as told, then answers. */
function failing(times: number, fail: Handler): Handler {
	let failed = 0
	return (request, response) => (failed++ < times ? fail(request, response) : sendJson(response, {ok: true}))
}
const reset: Handler = (_, response) => response.socket?.resetAndDestroy()

test("ten requests one after the other share their connections", async () => {
	const seen = new Set<number | undefined>()
	const {http, server} = await open(({socket}, response) => {
		seen.add(socket.remotePort)
		sendJson(response, {})
	})
	for (let i = 0; i < 10; i++) await http.request(read)
	// The first may not yet be free again when the second request starts.
	expect(seen.size).toBeLessThanOrEqual(2)
	expect(server.connections()).toBeLessThanOrEqual(2)
})

describe("tries again", () => {
	const cases = [
		{name: "a read after a reset connection", request: read, fail: reset},
		{
			name: "a read after a 503",
			request: read,
			fail: (_, response) => sendStatus(response, 503, "ServiceUnavailable"),
		},
		{name: "an apply after a reset connection, since it can be repeated", request: write, fail: reset},
		{
			name: "a create after a 429, which did nothing",
			request: create,
			fail: (_, response) => sendStatus(response, 429, "TooManyRequests", {"retry-after": "0"}),
		},
		{
			name: "once after a 401, with fresh credentials",
			request: read,
			fail: (_, response) => sendStatus(response, 401, "Unauthorized"),
		},
	] satisfies readonly {name: string; request: object; fail: Handler}[]
	for (const {name, request, fail} of cases) {
		test(name, async () => {
			const {http, server} = await open(failing(1, fail))
			expect(await http.request(request)).toEqual({ok: true})
			expect(server.requests).toHaveLength(2)
		})
	}
})

describe("does not try again", () => {
	const cases = [
		{
			name: "a create after a reset connection, which may have made it",
			request: create,
			fail: reset,
			reason: "Unreachable",
		},
		{
			name: "what was refused",
			request: write,
			fail: (_, response) => sendStatus(response, 403, "Forbidden"),
			reason: "Forbidden",
		},
		{
			name: "an apply after a 500, which may be its own fault",
			request: write,
			fail: (_, response) => sendStatus(response, 500, "InternalError"),
			reason: "InternalError",
		},
		{
			name: "a conflict",
			request: write,
			fail: (_, response) => sendStatus(response, 409, "Conflict"),
			reason: "Conflict",
		},
	] satisfies readonly {name: string; request: object; fail: Handler; reason: string}[]
	for (const {name, request, fail, reason} of cases) {
		test(name, async () => {
			const {http, server} = await open(failing(1, fail))
			await expect(http.request(request)).rejects.toMatchObject({name: "KubeError", reason})
			expect(server.requests).toHaveLength(1)
		})
	}
})

test("waits as long as Retry-After asks", async () => {
	const {http} = await open(
		failing(1, (_, response) => sendStatus(response, 429, "TooManyRequests", {"retry-after": "1"})),
	)
	const started = performance.now()
	await http.request(read)
	expect(performance.now() - started).toBeGreaterThanOrEqual(990)
})

test("a 401 that stays is told, and fresh credentials were asked for once", async () => {
	const {server} = await open((_, response) => sendStatus(response, 401, "Unauthorized"))
	const credentials = vi.fn(configFor(server.address).credentials)
	const http = openHttp({config: {...server.config, credentials}})
	const error = await http.request(read).catch((caught) => caught)
	await http.close()
	expect(explain(error)?.next).toContain("expired")
	expect(credentials.mock.calls).toEqual([[{fresh: false}], [{fresh: true}]])
})

test("an answer that takes too long is a timeout that names what was asked", async () => {
	const {http} = await open(() => undefined, {timeoutsMs: {list: 30}, attempts: 1})
	await expect(http.request(read)).rejects.toMatchObject({
		reason: "Timeout",
		message: "cannot list pods in the namespace shop: no answer within 0.03 s",
	})
})

test("the caller's abort stays what it is", async () => {
	const {http} = await open(() => undefined)
	const stop = new AbortController()
	const answer = http.request({...read, signal: stop.signal})
	const reason = new Error("enough")
	stop.abort(reason)
	await expect(answer).rejects.toBe(reason)
})

test("an answer that is no JSON is told as such, with what stands between", async () => {
	const {http} = await open((_, response) => response.end("<html>log in</html>"))
	const error = await http.request(read).catch((caught) => caught)
	expect(error).toMatchObject({reason: "BadResponse"})
	expect(explain(error)?.next).toContain("proxy")
})

test("a refused port is unreachable, and says what to check", async () => {
	const http = openHttp({config: configFor("http://127.0.0.1:1"), attempts: 1})
	const error = await http.request(read).catch((caught) => caught)
	await http.close()
	expect(error).toMatchObject({reason: "Unreachable", code: 0})
	expect(String(error)).toContain("ECONNREFUSED")
	expect(explain(error)?.next).toContain("--context")
})

test("no error carries the credentials, however it is printed", async () => {
	const {inspect} = await import("node:util")
	const {http} = await open((_, response) => sendStatus(response, 403, "Forbidden"))
	const broken = openHttp({config: configFor("http://127.0.0.1:1"), attempts: 1})
	for (const one of [http, broken]) {
		const error = await one.request(read).catch((caught) => caught)
		expect(
			inspect(error, {depth: 10, showHidden: true}) + JSON.stringify(error) + String(error),
		).not.toContain("c4nary")
	}
	await broken.close()
})

test("a write is refused before it is sent when this process may no longer write", async () => {
	const {http, server} = await open((_, response) => sendJson(response, {}), {
		beforeWrite: () => {
			throw new Error("not the leader")
		},
	})
	await expect(http.request(write)).rejects.toThrow("not the leader")
	await http.request(read)
	await http.request({...create, harmless: true})
	expect(server.requests.map(({method}) => method)).toEqual(["GET", "POST"])
})

test("tells every try to the metrics", async () => {
	const metrics: RequestMetric[] = []
	const {http} = await open(
		failing(1, (_, response) => sendStatus(response, 503, "ServiceUnavailable")),
		{onRequest: (metric) => metrics.push(metric)},
	)
	await http.request(read)
	expect(metrics.map(({method, code}) => `${method} ${code}`)).toEqual(["GET 503", "GET 200"])
})

test("no more requests are under way than allowed, and fewer after a 429", async () => {
	const held: ServerResponse[] = []
	const {http} = await open((_, response) => void held.push(response), {
		limits: {concurrency: 4},
		attempts: 1,
	})
	const first = Promise.allSettled(Array.from({length: 4}, () => http.request(read)))
	const waiting = Promise.all(Array.from({length: 3}, () => http.request(read)))
	await vi.waitFor(() => expect(held).toHaveLength(4))
	for (const response of held.splice(0)) sendStatus(response, 429, "TooManyRequests")
	await first
	await vi.waitFor(() => expect(held).toHaveLength(1))
	sendJson(held.splice(0)[0] as ServerResponse, {})
	// Each success allows a little more.
	await vi.waitFor(() => expect(held).toHaveLength(2))
	for (const response of held) sendJson(response, {})
	await waiting
})
