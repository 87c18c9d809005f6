import {createServer, type Server} from "node:http"
import type {AddressInfo} from "node:net"
import {afterEach, expect, test} from "vitest"
import {callViews} from "../../profiles/traffic/calls.ts"
import {readCalls} from "./read-calls.ts"

/* A server of our own stands in for Prometheus: it answers by a table of metrics, so that odd answers can be given. */
const servers: Server[] = []
afterEach(() => {
	for (const server of servers.splice(0)) server.close()
})

type Sample = Readonly<Record<string, string>>

async function standIn(samples: Readonly<Record<string, readonly Sample[]>>, code = 200): Promise<string> {
	const server = createServer(async (request, response) => {
		let body = ""
		for await (const chunk of request) body += chunk
		const promql = new URLSearchParams(body).get("query") ?? ""
		const found = Object.entries(samples).find(([metric]) => promql.includes(`(${metric}{`))?.[1] ?? []
		const result = found.map((metric) => ({metric, value: [0, metric.count ?? "7"]}))
		response.writeHead(code).end(JSON.stringify({status: "success", data: {resultType: "vector", result}}))
	})
	servers.push(server)
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const asked = {namespace: "shop", seconds: 3600}
const istio = (space: string, from: string, to: string) => ({
	source_workload_namespace: space,
	source_workload: from,
	destination_workload: to,
})
const read = async (samples: Readonly<Record<string, readonly Sample[]>>) => {
	const found = await readCalls({address: await standIn(samples), views: callViews}, asked)
	return "problem" in found
		? found.problem
		: found.calls.map(({fromNamespace, from, to}) => `${fromNamespace}/${from}>${to}`).join(" ")
}

test("requests and connections of Istio tell the same call once", async () => {
	const call = istio("shop", "web", "cart")
	const samples = {
		istio_requests_total: [call, istio("front", "edge", "web")],
		istio_tcp_connections_opened_total: [call],
	}
	expect(await read(samples)).toBe("front/edge>web shop/web>cart")
})

test("Linkerd names a workload by its kind, and Hubble by its name", async () => {
	const samples = {
		response_total: [{namespace: "shop", deployment: "web", dst_statefulset: "db"}],
		hubble_http_requests_total: [
			{source_namespace: "shop", source_workload: "web", destination_workload: "cart"},
		],
	}
	expect(await read(samples)).toBe("shop/web>cart shop/web>db")
})

test("a caller that no proxy knew is told as unknown; without a callee there is nothing to tell", async () => {
	const samples = {
		istio_requests_total: [istio("unknown", "unknown", "cart"), istio("shop", "web", "unknown")],
	}
	expect(await read(samples)).toBe("shop/unknown>cart")
})

test("what is no number is no call", async () => {
	expect(await read({istio_requests_total: [{...istio("shop", "web", "cart"), count: "NaN"}]})).toBe("")
})

test("what cannot be read is a problem, not an empty list", async () => {
	const address = await standIn({}, 503)
	expect(await readCalls({address, views: callViews}, asked)).toEqual({
		problem: `${address} answers 503: not the answer of a Prometheus`,
	})
})
