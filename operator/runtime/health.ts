import {createServer, type ServerResponse} from "node:http"
import type {AddressInfo} from "node:net"
import type {Registry} from "prom-client"

/** Says in a few words why not; undefined when all is well. */
export type Check = () => string | undefined

export type HealthOptions = {
	/** 0 for any free port. */
	readonly port: number
	/** All addresses when left out, as a kubelet probes from outside of the pod. */
	readonly host?: string
	/** Alive: a failing one gets the process restarted. */
	readonly live?: Readonly<Record<string, Check>>
	/** Ready: a failing one says that it has yet to start, or waits. */
	readonly ready?: Readonly<Record<string, Check>>
	readonly registry: Registry
}

export type Health = {readonly port: number; close(): Promise<void>}

/** Serves /healthz, /readyz and /metrics, and nothing else. */
export async function serveHealth({
	port,
	host,
	live = {},
	ready = {},
	registry,
}: HealthOptions): Promise<Health> {
	const routes: Readonly<Record<string, (response: ServerResponse) => void | Promise<void>>> = {
		"/healthz": (response) => answer(response, live),
		"/readyz": (response) => answer(response, ready),
		"/metrics": async (response) => {
			const body = await registry.metrics()
			response.writeHead(200, {"content-type": registry.contentType}).end(body)
		},
	}
	const server = createServer({requestTimeout: 5_000, headersTimeout: 5_000}, (request, response) => {
		const route = routes[(request.url ?? "").split("?")[0] ?? ""]
		if (route === undefined || (request.method !== "GET" && request.method !== "HEAD")) {
			response.writeHead(route === undefined ? 404 : 405).end()
			return
		}
		Promise.resolve(route(response)).catch(() => response.writeHead(500).end())
	})
	await new Promise<void>((resolve, reject) => {
		server.once("error", reject)
		server.listen(port, host, resolve)
	})
	return {
		port: (server.address() as AddressInfo).port,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve())
				server.closeAllConnections()
			}),
	}
}

function answer(response: ServerResponse, checks: Readonly<Record<string, Check>>): void {
	const failures = Object.entries(checks).flatMap(([name, check]) => {
		const why = check()
		return why === undefined ? [] : [`${name}: ${why}`]
	})
	response.writeHead(failures.length === 0 ? 200 : 503, {"content-type": "text/plain; charset=utf-8"})
	response.end(failures.length === 0 ? "ok\n" : `${failures.join("\n")}\n`)
}
