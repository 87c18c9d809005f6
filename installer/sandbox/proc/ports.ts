import {connect, createServer, type Server} from "node:net"
import {setTimeout as sleep} from "node:timers/promises"

const host = "127.0.0.1"

/** `count` different free ports. All are held open until the last is known, or the system could hand one out twice. */
export async function freePorts(count: number): Promise<number[]> {
	const servers = await Promise.all(Array.from({length: count}, () => listen(0)))
	const ports = servers.map((server) => {
		const address = server.address()
		return typeof address === "object" && address ? address.port : 0
	})
	await Promise.all(servers.map((server) => new Promise((done) => server.close(done))))
	return ports
}

export async function freePort(): Promise<number> {
	const [port = 0] = await freePorts(1)
	return port
}

function listen(port: number): Promise<Server> {
	return new Promise((resolve, reject) => {
		const server = createServer()
		server.once("error", reject)
		server.listen(port, host, () => resolve(server))
	})
}

/** Does anybody answer on it? */
export function isOpen(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect({port, host, timeout: 500})
		const end = (open: boolean) => {
			socket.destroy()
			resolve(open)
		}
		socket.once("connect", () => end(true))
		socket.once("error", () => end(false))
		socket.once("timeout", () => end(false))
	})
}

export async function waitClosed(ports: readonly number[], timeoutMs: number): Promise<number[]> {
	const until = Date.now() + timeoutMs
	for (;;) {
		const open = await Promise.all(ports.map(isOpen))
		const left = ports.filter((_, index) => open[index])
		if (left.length === 0 || Date.now() > until) return left
		await sleep(50)
	}
}
