import {expect, onTestFinished, test} from "vitest"
import {type Check, serveHealth} from "./health.ts"
import {Metrics} from "./metrics.ts"
import {Queue} from "./queue.ts"
import {FakeClock} from "./testing/fake-clock.ts"

async function serve(checks: {live?: Record<string, Check>; ready?: Record<string, Check>} = {}) {
	const metrics = new Metrics({processMetrics: false})
	const health = await serveHealth({port: 0, host: "127.0.0.1", registry: metrics.registry, ...checks})
	onTestFinished(() => health.close())
	const get = async (path: string, method = "GET") => {
		const response = await fetch(`http://127.0.0.1:${health.port}${path}`, {method})
		return {status: response.status, text: await response.text()}
	}
	return {metrics, get}
}

test("is alive and ready while no check says otherwise", async () => {
	const {get} = await serve({ready: {caches: () => undefined}})
	expect(await get("/healthz")).toEqual({status: 200, text: "ok\n"})
	expect(await get("/readyz?verbose")).toEqual({status: 200, text: "ok\n"})
})

test("says which check fails, and why; being alive is another matter", async () => {
	const {get} = await serve({ready: {caches: () => "lists of Pod"}})
	expect(await get("/readyz")).toEqual({status: 503, text: "caches: lists of Pod\n"})
	expect((await get("/healthz")).status).toBe(200)
})

test("serves nothing else, and to nobody who writes", async () => {
	const {get} = await serve()
	expect((await get("/debug")).status).toBe(404)
	expect((await get("/metrics", "POST")).status).toBe(405)
})

test("shows the metrics that stock controller dashboards read", async () => {
	const {metrics, get} = await serve()
	const queue = new Queue({clock: new FakeClock(), observer: metrics.queueObserver("binding")})
	metrics.watchQueues(new Map([["binding", queue]]))
	queue.add("shop")
	metrics.controller("binding").started()("error")
	metrics.request({method: "GET", code: "200", host: "api:6443", durationMs: 1})
	metrics.leads("heddle-operator", true)
	const {text} = await get("/metrics")
	for (const line of [
		'controller_runtime_reconcile_total{controller="binding",result="error"} 1',
		'controller_runtime_reconcile_errors_total{controller="binding"} 1',
		'controller_runtime_reconcile_time_seconds_count{controller="binding"} 1',
		'workqueue_depth{name="binding",controller="binding"} 1',
		'workqueue_adds_total{name="binding",controller="binding"} 1',
		'rest_client_requests_total{code="200",host="api:6443",method="GET"} 1',
		'leader_election_master_status{name="heddle-operator"} 1',
	])
		expect(text.split("\n")).toContain(line)
})
