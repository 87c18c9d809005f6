import type {ServerResponse} from "node:http"
import {describe, expect, onTestFinished, test, vi} from "vitest"
import {ConfigMap} from "../../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../../profiles/snapshot/object.ts"
import {openHttp} from "./http.ts"
import {Reflector, type ReflectorOptions} from "./reflector.ts"
import {Store} from "./store.ts"
import {faultServer, type Handler, sendJson, sendStatus} from "./testing/fault-server.ts"

const object = (name: string, resourceVersion: number, extra: object = {}) => ({
	apiVersion: "v1",
	kind: "ConfigMap",
	metadata: {name, namespace: "shop", uid: `uid-${name}`, resourceVersion: String(resourceVersion)},
	...extra,
})
const list = (resourceVersion: number, ...items: object[]) => ({
	apiVersion: "v1",
	kind: "ConfigMapList",
	metadata: {resourceVersion: String(resourceVersion)},
	items,
})
const event = (type: string, of: object) => `${JSON.stringify({type, object: of})}\n`
const bookmark = (resourceVersion: number) => event("BOOKMARK", object("", resourceVersion))

type Plan = {
	/** Answers of lists, in order; the last one is repeated. */
	readonly lists: readonly ((response: ServerResponse) => void)[]
	/** Answers of watches, in order; the last one is repeated. */
	readonly watches: readonly ((response: ServerResponse, from: string) => void)[]
}

/** Leaves a watch open. */
const quiet = (response: ServerResponse) => response.writeHead(200).write(bookmark(1))

function play({lists, watches}: Plan): Handler {
	let listed = 0
	let watched = 0
	return ({path}, response) => {
		if (path.searchParams.has("watch"))
			watches[Math.min(watched++, watches.length - 1)]?.(
				response,
				path.searchParams.get("resourceVersion") ?? "",
			)
		else lists[Math.min(listed++, lists.length - 1)]?.(response)
	}
}

async function reflect(plan: Plan, options: Partial<ReflectorOptions> = {}) {
	const server = await faultServer(play(plan))
	const http = openHttp({config: server.config, attempts: 1})
	const changes: string[] = []
	const failures: unknown[] = []
	const store = new Store(ConfigMap, ({name}) => changes.push(name))
	const reflector = new Reflector({
		http,
		kind: ConfigMap,
		versionOf: async () => "v1",
		store,
		keep: (kept) => kept,
		onFailure: (error) => failures.push(error),
		...options,
		times: {backoff: {leastMs: 1, mostMs: 5}, tooShortMs: 0, absentMs: 5, ...options.times},
	})
	const stop = new AbortController()
	const running = reflector.run(stop.signal)
	onTestFinished(async () => {
		stop.abort()
		await running
		await http.close()
		await server[Symbol.asyncDispose]()
	})
	const names = () => store.list().map(({metadata}) => metadata.name)
	const watches = () => server.requests.filter(({path}) => path.searchParams.has("watch"))
	const lists = () => server.requests.filter(({path}) => !path.searchParams.has("watch"))
	return {server, reflector, store, changes, failures, names, watches, lists, stop, running}
}

const twoObjects = (response: ServerResponse) => sendJson(response, list(10, object("a", 5), object("b", 6)))
const oneObject = (response: ServerResponse) => sendJson(response, list(20, object("b", 6)))

test("lists by pages, then watches from the version of the list with bookmarks", async () => {
	const page = (next: string | undefined, ...items: object[]) => ({
		...list(10, ...items),
		metadata: {resourceVersion: "10", ...(next ? {continue: next} : {})},
	})
	const it = await reflect({
		lists: [
			(response) => sendJson(response, page("more", object("a", 5))),
			(response) => sendJson(response, page(undefined, object("b", 6))),
		],
		watches: [quiet],
	})
	await vi.waitFor(() => expect(it.watches()).toHaveLength(1))
	expect(it.names()).toEqual(["a", "b"])
	expect(it.lists().map(({path}) => path.searchParams.get("continue"))).toEqual([null, "more"])
	const query = it.watches()[0]?.path.searchParams
	expect(query?.get("resourceVersion")).toBe("10")
	expect(query?.get("allowWatchBookmarks")).toBe("true")
	expect(Number(query?.get("timeoutSeconds"))).toBeGreaterThanOrEqual(300)
	expect(Number(query?.get("timeoutSeconds"))).toBeLessThanOrEqual(600)
})

test("follows what the watch tells, objects that went among it", async () => {
	const it = await reflect({
		lists: [twoObjects],
		watches: [
			(response) =>
				response
					.writeHead(200)
					.write(
						event("ADDED", object("c", 11)) +
							event("DELETED", object("a", 12)) +
							event("MODIFIED", object("b", 13, {data: {k: "v"}})),
					),
		],
	})
	await vi.waitFor(() => expect(it.names()).toEqual(["b", "c"]))
	expect(it.store.get("b", "shop")).toMatchObject({data: {k: "v"}})
	expect(it.changes).toEqual(["a", "b", "c", "a", "b"])
})

test("a clean end is followed at once by a watch from the last bookmark, without a list", async () => {
	const it = await reflect({
		lists: [twoObjects],
		watches: [(response) => response.writeHead(200).end(bookmark(42)), quiet],
	})
	await vi.waitFor(() => expect(it.watches()).toHaveLength(2))
	expect(it.watches()[1]?.path.searchParams.get("resourceVersion")).toBe("42")
	expect(it.lists()).toHaveLength(1)
	expect(it.failures).toEqual([])
})

describe("a version that is too old makes it list again and drops what went meanwhile", () => {
	const cases: readonly {readonly name: string; readonly watch: (response: ServerResponse) => void}[] = [
		{name: "as HTTP 410", watch: (response) => sendStatus(response, 410, "Expired")},
		{
			name: "as an ERROR within a 200",
			watch: (response) =>
				response
					.writeHead(200)
					.end(event("ERROR", {kind: "Status", code: 410, reason: "Expired", message: "too old"})),
		},
	]
	for (const {name, watch} of cases) {
		test(name, async () => {
			const it = await reflect({lists: [twoObjects, oneObject], watches: [watch, quiet]})
			await vi.waitFor(() => expect(it.watches()).toHaveLength(2))
			expect(it.names()).toEqual(["b"])
			expect(it.reflector.relistsTotal).toBe(1)
			expect(it.reflector.cacheMissTotal).toBe(0)
		})
	}
})

test("a continue token that expires midway starts the list over", async () => {
	const first = (response: ServerResponse) =>
		sendJson(response, {...list(10, object("a", 5)), metadata: {resourceVersion: "10", continue: "stale"}})
	const it = await reflect({
		lists: [first, (response) => sendStatus(response, 410, "Expired"), oneObject],
		watches: [quiet],
	})
	await vi.waitFor(() => expect(it.reflector.synced).toBe(true))
	expect(it.names()).toEqual(["b"])
})

describe("after a broken watch it goes on, and loses nothing", () => {
	const cases: readonly {
		readonly name: string
		readonly watch: (response: ServerResponse) => void
		readonly relists: number
	}[] = [
		{
			name: "a reset connection",
			watch: (response) =>
				response.writeHead(200).write(bookmark(11), () => response.socket?.resetAndDestroy()),
			relists: 0,
		},
		{name: "an answer of 500", watch: (response) => sendStatus(response, 500, "InternalError"), relists: 0},
		{
			name: "a throttled watch",
			watch: (response) => sendStatus(response, 429, "TooManyRequests"),
			relists: 0,
		},
		{
			name: "a line cut short",
			watch: (response) => response.writeHead(200).end('{"type":"ADDED","obj'),
			relists: 1,
		},
		{
			name: "a line that is no JSON",
			watch: (response) => response.writeHead(200).end("<html>\n"),
			relists: 1,
		},
		{
			name: "an event of an unknown type",
			watch: (response) => response.writeHead(200).end(event("RENAMED", object("x", 11))),
			relists: 1,
		},
	]
	for (const {name, watch, relists} of cases) {
		test(name, async () => {
			const it = await reflect({
				lists: [twoObjects],
				watches: [watch, (response) => response.writeHead(200).write(event("ADDED", object("c", 30)))],
			})
			await vi.waitFor(() => expect(it.names()).toEqual(["a", "b", "c"]))
			expect(it.failures).toHaveLength(1)
			expect(it.reflector.relistsTotal).toBe(relists)
		})
	}
})

test("a half-open connection, which says nothing for ever, is given up and watched anew from the same version", async () => {
	const it = await reflect(
		{lists: [twoObjects], watches: [(response) => response.writeHead(200).flushHeaders(), quiet]},
		{times: {idleMs: 40}},
	)
	await vi.waitFor(() => expect(it.watches().length).toBeGreaterThan(1))
	expect(it.watches()[1]?.path.searchParams.get("resourceVersion")).toBe("10")
	expect(it.lists()).toHaveLength(1)
})

test("a server that ends every watch at once is asked less and less often", async () => {
	const it = await reflect(
		{lists: [twoObjects], watches: [(response) => response.writeHead(200).end()]},
		{times: {backoff: {leastMs: 1_000, mostMs: 30_000}, tooShortMs: 1_000}},
	)
	await vi.waitFor(() => expect(it.failures).toHaveLength(1))
	expect(it.watches()).toHaveLength(1)
})

test("lists that fail at the start are tried until one succeeds", async () => {
	const broken = (response: ServerResponse) => sendStatus(response, 503, "ServiceUnavailable")
	const it = await reflect({
		lists: [
			broken,
			(response) => response.socket?.destroy(),
			(response) => sendStatus(response, 429, "TooManyRequests"),
			twoObjects,
		],
		watches: [quiet],
	})
	await vi.waitFor(() => expect(it.names()).toEqual(["a", "b"]))
	expect(it.failures).toHaveLength(3)
	expect(it.reflector.state).toBe("synced")
})

test("lists that never succeed make the kind unknown, so that nobody waits for it", async () => {
	const it = await reflect({
		lists: [(response) => sendStatus(response, 500, "InternalError")],
		watches: [quiet],
	})
	await vi.waitFor(() => expect(it.reflector.state).toBe("failing"))
	expect(it.reflector.synced).toBe(false)
})

test("a refused list makes the kind unknown until the permission is there", async () => {
	const states: string[] = []
	const it = await reflect(
		{lists: [(response) => sendStatus(response, 403, "Forbidden"), twoObjects], watches: [quiet]},
		{onState: (state) => states.push(state)},
	)
	await vi.waitFor(() => expect(it.reflector.synced).toBe(true))
	expect(states).toEqual(["forbidden", "synced"])
})

test("a kind that is not served is known to be empty, and is read once it is", async () => {
	const served = [undefined, undefined, "v1"]
	const states: string[] = []
	const it = await reflect(
		{lists: [twoObjects], watches: [quiet]},
		{
			versionOf: async () => (served.length > 1 ? served.shift() : served[0]),
			onState: (state) => states.push(state),
		},
	)
	await vi.waitFor(() => expect(it.names()).toEqual(["a", "b"]))
	expect(states).toEqual(["absent", "synced"])
})

test("a kind that is served no longer loses its objects", async () => {
	let version: string | undefined = "v1"
	const ends = (response: ServerResponse) => {
		version = undefined
		sendStatus(response, 404, "NotFound")
	}
	const it = await reflect({lists: [twoObjects], watches: [ends]}, {versionOf: async () => version})
	await vi.waitFor(() => expect(it.reflector.state).toBe("absent"))
	expect(it.names()).toEqual([])
	expect(it.changes).toEqual(["a", "b", "a", "b"])
})

test("a list older than what was seen, of a replica that lags, is not believed", async () => {
	const lagging = (response: ServerResponse) => sendJson(response, list(7, object("a", 5)))
	const watch = (response: ServerResponse) =>
		response.writeHead(200).end(`${event("ADDED", object("c", 30))}{`)
	const it = await reflect({
		lists: [twoObjects, lagging, (response) => sendJson(response, list(31, object("b", 6), object("c", 30)))],
		watches: [watch, quiet],
	})
	await vi.waitFor(() => expect(it.watches()).toHaveLength(2))
	expect(it.names()).toEqual(["b", "c"])
	expect(String(it.failures[1])).toContain("older than 30")
})

test("a cluster restored from a backup is believed in the end", async () => {
	const restored = (response: ServerResponse) =>
		sendJson(response, list(7, object("a", 3, {data: {old: "yes"}})))
	const it = await reflect({
		lists: [twoObjects, restored],
		watches: [(response) => sendStatus(response, 410, "Expired"), quiet],
	})
	await vi.waitFor(() => expect(it.names()).toEqual(["a"]))
	expect(it.store.get("a", "shop")).toMatchObject({data: {old: "yes"}})
})

test("an event that is older than what is stored changes nothing", async () => {
	const it = await reflect({
		lists: [twoObjects],
		watches: [
			(response) =>
				response
					.writeHead(200)
					.write(event("MODIFIED", object("a", 4, {data: {old: "yes"}})) + event("ADDED", object("c", 11))),
		],
	})
	await vi.waitFor(() => expect(it.names()).toContain("c"))
	expect(it.store.get("a", "shop")).not.toHaveProperty("data")
})

test("characters split between chunks and a line of 2 MB arrive whole", async () => {
	const large = "ü€😀".repeat(230_000)
	const bytes = Buffer.from(event("ADDED", object("c", 11, {data: {large}})))
	const it = await reflect({
		lists: [twoObjects],
		watches: [
			(response) => {
				response.writeHead(200)
				for (let start = 0; start < bytes.length; start += 65_521)
					response.write(bytes.subarray(start, start + 65_521))
			},
		],
	})
	await vi.waitFor(() => expect(it.names()).toContain("c"), {timeout: 5_000})
	expect((it.store.get("c", "shop") as KubeObject & {data: {large: string}}).data.large).toBe(large)
	expect(bytes.length).toBeGreaterThan(2_000_000)
})

test("a periodic list counts what the watch lost", async () => {
	const it = await reflect(
		{
			lists: [twoObjects, (response) => sendJson(response, list(40, object("a", 9), object("b", 6)))],
			watches: [(response) => response.writeHead(200).end(bookmark(30)), quiet],
		},
		{times: {relistMs: 0}},
	)
	await vi.waitFor(() => expect(it.reflector.cacheMissTotal).toBe(1))
})

test("its signal ends it without an error, in the middle of a watch", async () => {
	const it = await reflect({lists: [twoObjects], watches: [quiet]})
	await vi.waitFor(() => expect(it.watches()).toHaveLength(1))
	it.stop.abort()
	await it.running
	expect(it.failures).toEqual([])
})

test("it cannot run twice at the same time", async () => {
	const it = await reflect({lists: [twoObjects], watches: [quiet]})
	await expect(it.reflector.run(it.stop.signal)).rejects.toThrow("already runs")
})
