import {createServer} from "node:http"
import {connect as connectStreams} from "node:http2"
import {connect} from "node:net"

/*
 * Holds one WebSocket, one HTTP/2 stream and one raw TCP connection, each of which echoes a ping five times a second.
 * A connection that ends, or whose echo takes longer than a second, is noted and opened anew. :7000 tells it all.
 */
const host = process.env.HOST ?? ""
const pingMs = 200
const stallMs = 1000

type Kind = "websocket" | "http2" | "tcp"
type Line = {send(text: string): void; close(): void}
type On = {open(): void; echo(): void; end(why: string): void}

const open: Record<Kind, (on: On) => Line> = {
	websocket: (on) => {
		const socket = new WebSocket(`ws://${host}:8080/ws`)
		socket.onopen = on.open
		socket.onmessage = on.echo
		socket.onerror = () => on.end("error")
		socket.onclose = ({code}) => on.end(`close ${code}`)
		return {send: (text) => socket.send(text), close: () => socket.close()}
	},
	http2: (on) => {
		const session = connectStreams(`http://${host}:8081`)
		const stream = session.request({":method": "POST", ":path": "/"}, {endStream: false})
		stream.once("response", ({":status": status}) =>
			status === 200 ? on.open() : on.end(`status ${status}`),
		)
		stream.on("data", on.echo)
		stream.on("error", (error: NodeJS.ErrnoException) => on.end(error.code ?? "error"))
		stream.once("close", () => on.end("close"))
		session.on("error", (error: NodeJS.ErrnoException) => on.end(error.code ?? "error"))
		return {send: (text) => stream.write(text), close: () => session.destroy()}
	},
	tcp: (on) => {
		const socket = connect({host, port: 9000, noDelay: true}, on.open)
		socket.on("data", on.echo)
		socket.on("error", (error: NodeJS.ErrnoException) => on.end(error.code ?? "error"))
		socket.once("close", () => on.end("close"))
		return {send: (text) => socket.write(text), close: () => socket.destroy()}
	},
}

type Noted = {at: number; kind: Kind; event: "open" | "cut" | "refused"; why?: string}
const noted: Noted[] = []
const tell = (kind: Kind, event: Noted["event"], why?: string) =>
	noted.push({at: Date.now(), kind, event, ...(why !== undefined && {why})})

function hold(kind: Kind): void {
	let opened = false
	let ended = false
	let echoed = Date.now()
	const end = (why: string) => {
		if (ended) return
		ended = true
		clearInterval(pinger)
		tell(kind, opened ? "cut" : "refused", why)
		line.close()
		setTimeout(() => hold(kind), 100)
	}
	const line = open[kind]({
		open: () => {
			opened = true
			echoed = Date.now()
			tell(kind, "open")
		},
		echo: () => {
			echoed = Date.now()
		},
		end,
	})
	const pinger = setInterval(() => {
		if (opened && Date.now() - echoed > stallMs) end("stall")
		else if (opened) line.send("ping")
	}, pingMs)
}

for (const kind of Object.keys(open) as Kind[]) hold(kind)
createServer((_, answer) => answer.end(JSON.stringify(noted))).listen(7000)
process.on("SIGTERM", () => process.exit(0))
