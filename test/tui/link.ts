import {readFile, writeFile} from "node:fs/promises"
import {connect, createServer, type Socket} from "node:net"
import {join} from "node:path"
import {onTestFinished} from "vitest"
import type {World} from "../kit/open-world.ts"

/** A line between here and the API server, as bad as a test wants it. It carries bytes and knows nothing of them. */
export type Link = {
	/** Leads over the line. */
	readonly kubeconfig: string
	/** Cuts every connection and takes no new one. */
	cut(): Promise<void>
	/** Takes connections again. */
	mend(): Promise<void>
}

type LinkOptions = {
	/** How long each piece takes in each direction. */
	readonly delayMs?: number
	/** Where the kubeconfig is put. */
	readonly folder: string
}

export async function openLink(world: World, {delayMs = 0, folder}: LinkOptions): Promise<Link> {
	const server = new URL(world.sandbox.server)
	const sockets = new Set<Socket>()
	const line = createServer((near) => {
		const far = connect(Number(server.port), server.hostname)
		for (const socket of [near, far]) {
			sockets.add(socket)
			socket.on("error", () => socket.destroy())
			socket.on("close", () => {
				sockets.delete(socket)
				near.destroy()
				far.destroy()
			})
		}
		carry(near, far, delayMs)
		carry(far, near, delayMs)
	})
	const listen = (port: number) => new Promise<void>((done) => line.listen(port, "127.0.0.1", () => done()))
	await listen(0)
	const address = line.address()
	if (address === null || typeof address === "string") throw new Error("the line has a port")
	const {port} = address
	const text = await readFile(world.sandbox.kubeconfig, "utf8")
	const kubeconfig = join(folder, "kubeconfig")
	await writeFile(kubeconfig, text.replaceAll(world.sandbox.server, `https://127.0.0.1:${port}`))
	const cut = async () => {
		const closed = new Promise<void>((done) => line.close(() => done()))
		for (const socket of sockets) socket.destroy()
		await closed
	}
	onTestFinished(async () => {
		if (line.listening) await cut()
	})
	return {kubeconfig, cut, mend: () => listen(port)}
}

/** Pieces arrive late and in their order. */
function carry(from: Socket, to: Socket, delayMs: number): void {
	if (delayMs === 0) {
		from.pipe(to)
		return
	}
	from.on("data", (data) => {
		setTimeout(() => {
			if (!to.destroyed) to.write(data)
		}, delayMs)
	})
}
