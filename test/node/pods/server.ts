import {createHash} from "node:crypto"
import {createServer, type ServerResponse} from "node:http"
import {createServer as createStreamServer} from "node:http2"
import {createServer as createEchoServer, type Socket} from "node:net"

/*
 * The application of the traffic tests: HTTP/1.1 and WebSocket on 8080, HTTP/2 streams on 8081, raw TCP on 9000; the
 * last three echo. It drains as a well-behaved service does: after SIGTERM it goes on answering, asks every client to
 * leave by `Connection: close`, and ends when the last has left. Two settings make it a
 * bad citizen behind a sidecar: UNREADY_BEHIND_PROXY never becomes ready there, and ERRORS_BEHIND_PROXY answers that
 * share of requests (in percent) with 500.
 */
const drainMs = Number(process.env.DRAIN_MS ?? "8000")
const unreadyBehindProxy = process.env.UNREADY_BEHIND_PROXY === "true"
const errorsBehindProxy = Number(process.env.ERRORS_BEHIND_PROXY ?? "0")
let draining = false
let asked = 0

/** Istio's sidecar answers here in every pod that has one, and a native sidecar is up before the application. */
const behindProxy = await fetch("http://127.0.0.1:15021/healthz/ready").then(
	() => true,
	() => false,
)

/** Evenly spread, so that a share is a share over any stretch of requests. */
function fails(): boolean {
	asked++
	return (
		behindProxy &&
		Math.floor((asked * errorsBehindProxy) / 100) > Math.floor(((asked - 1) * errorsBehindProxy) / 100)
	)
}

const sockets = new Set<Socket>()
const http = createServer({keepAliveTimeout: 60_000}, (request, answer) => {
	if (draining) answer.setHeader("connection", "close")
	if (request.url === "/ready") return end(answer, unreadyBehindProxy && behindProxy ? 500 : 200)
	return end(answer, fails() ? 500 : 200)
})

function end(answer: ServerResponse, status: number): void {
	answer.writeHead(status, {"content-type": "text/plain"}).end(`${process.env.HOSTNAME}\n`)
}

http.on("connection", (socket: Socket) => {
	sockets.add(socket)
	socket.once("close", () => sockets.delete(socket))
})

/** RFC 6455, section 1.3. Frames up to 125 bytes are enough for pings of our own. */
http.on("upgrade", (request, socket) => {
	const key = `${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`
	const accept = createHash("sha1").update(key).digest("base64")
	socket.write(
		`HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`,
	)
	socket.on("data", (frame: Buffer) => {
		const length = (frame[1] ?? 0) & 127
		const mask = frame.subarray(2, 6)
		const payload = frame.subarray(6, 6 + length).map((byte, index) => byte ^ (mask[index % 4] ?? 0))
		socket.write(Buffer.concat([Buffer.from([frame[0] ?? 0x81, length]), payload]))
	})
	socket.on("error", () => socket.destroy())
})

const streams = createStreamServer()
streams.on("stream", (stream) => {
	stream.respond({":status": 200, "content-type": "application/octet-stream"})
	stream.pipe(stream)
	stream.on("error", () => stream.destroy())
})

const echo = createEchoServer((socket) => {
	socket.pipe(socket)
	socket.on("error", () => socket.destroy())
})

http.listen(8080)
streams.listen(8081)
echo.listen(9000)

process.on("SIGTERM", () => {
	draining = true
	const until = Date.now() + drainMs
	setInterval(() => {
		if (sockets.size === 0 || Date.now() > until) process.exit(0)
	}, 100)
})
