import {createServer} from "node:http"
import type {AddressInfo} from "node:net"

/** A number for a query, nothing at all, or an answer that is none of Prometheus'. */
export type Answer = number | undefined | {readonly code: number; readonly body: string}

/**
 * A server that stands in for Prometheus, for the odd answers that a real one is hard to bring to. Without an answer
 * nobody listens at its address.
 */
export async function openPrometheus(
	answer: ((promql: string) => Answer) | undefined,
): Promise<{readonly address: string; readonly close: () => Promise<void>}> {
	const server = createServer(async (request, response) => {
		let body = ""
		for await (const chunk of request) body += chunk
		const given = answer?.(new URLSearchParams(body).get("query") ?? "")
		if (typeof given === "object") return response.writeHead(given.code).end(given.body)
		const result = given === undefined ? [] : [{metric: {}, value: [0, String(given)]}]
		return response.end(JSON.stringify({status: "success", data: {resultType: "vector", result}}))
	})
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
	const {port} = server.address() as AddressInfo
	const close = () => new Promise<void>((resolve) => server.close(() => resolve()))
	if (answer === undefined) await close()
	return {address: `http://127.0.0.1:${port}`, close: answer === undefined ? async () => {} : close}
}
