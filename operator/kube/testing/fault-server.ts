import {createServer, type IncomingMessage, type ServerResponse} from "node:http"
import type {AddressInfo, Socket} from "node:net"
import type {ClusterConfig} from "../config.ts"

export type Handler = (
	request: IncomingMessage & {readonly path: URL; readonly text: string},
	response: ServerResponse,
) => void

/**
 * A tiny HTTP server that plays the faults of the protocol which a real API server does not show on demand. It
 * stands for a broken connection, never for Kubernetes.
 */
export async function faultServer(handler: Handler) {
	const requests: {readonly method: string; readonly path: URL; readonly text: string}[] = []
	const sockets = new Set<Socket>()
	const server = createServer(async (request, response) => {
		const chunks: Buffer[] = []
		for await (const chunk of request) chunks.push(chunk as Buffer)
		const path = new URL(request.url ?? "", "http://server")
		const text = Buffer.concat(chunks).toString("utf8")
		requests.push({method: request.method ?? "", path, text})
		handler(Object.assign(request, {path, text}), response)
	})
	server.on("connection", (socket) => {
		sockets.add(socket)
		socket.on("close", () => sockets.delete(socket))
	})
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
	const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
	return {
		address,
		requests,
		/** Open connections. */
		connections: () => sockets.size,
		config: configFor(address),
		[Symbol.asyncDispose]: async () => {
			for (const socket of sockets) socket.destroy()
			await new Promise((resolve) => server.close(resolve))
		},
	}
}

export function configFor(server: string): ClusterConfig {
	return {
		context: "fault",
		server,
		namespace: "default",
		credentials: async () => ({headers: {authorization: "Bearer c4nary"}, tls: {}}),
	}
}

export function sendJson(
	response: ServerResponse,
	body: unknown,
	code = 200,
	headers: Readonly<Record<string, string>> = {},
): void {
	response.writeHead(code, {"content-type": "application/json", ...headers}).end(JSON.stringify(body))
}

export function sendStatus(
	response: ServerResponse,
	code: number,
	reason: string,
	headers: Readonly<Record<string, string>> = {},
): void {
	sendJson(
		response,
		{kind: "Status", apiVersion: "v1", status: "Failure", code, reason, message: `${reason} it is`},
		code,
		headers,
	)
}
