import {Agent, createServer, request} from "node:http"

/*
 * Sends GET requests at a fixed rate, whatever the answers, and never retries. KEEP_ALIVE=false opens a
 * connection for each request. What was counted, second by second, is told at :7000/seconds; /stop ends the sending,
 * waits for what is under way, and tells it.
 */
const target = new URL(process.env.TARGET ?? "")
const rate = Number(process.env.RATE ?? "50")
const keepAlive = process.env.KEEP_ALIVE !== "false"
const agent = keepAlive ? new Agent({keepAlive: true, maxSockets: 8, scheduling: "fifo"}) : new Agent({})
const stallMs = 1000
const timeoutMs = 10_000
const buckets = [1, 2, 3, 5, 8, 12, 18, 27, 40, 60, 90, 135, 200, 300, 450, 700, 1000, 10_000]

type Second = {
	at: number
	sent: number
	answered: number
	ok: number
	/** 2xx, but after more than a second. */
	late: number
	worstMs: number
	outcomes: Record<string, number>
	latencies: number[]
}

const fresh = (): Second => ({
	at: Date.now(),
	sent: 0,
	answered: 0,
	ok: 0,
	late: 0,
	worstMs: 0,
	outcomes: {},
	latencies: buckets.map(() => 0),
})
let second = fresh()

function count(outcome: string, began: number): void {
	const ms = performance.now() - began
	second.answered++
	second.outcomes[outcome] = (second.outcomes[outcome] ?? 0) + 1
	const ok = /^2\d\d$/.test(outcome)
	if (ok) second.ok++
	if (ok && ms > stallMs) second.late++
	second.worstMs = Math.max(second.worstMs, Math.round(ms))
	const bucket = buckets.findIndex((limit) => ms <= limit)
	const index = bucket < 0 ? buckets.length - 1 : bucket
	second.latencies[index] = (second.latencies[index] ?? 0) + 1
}

function send(): void {
	const began = performance.now()
	second.sent++
	let counted = false
	const once = (outcome: string) => {
		if (counted) return
		counted = true
		count(outcome, began)
	}
	const sent = request(target, {agent, timeout: timeoutMs}, (answer) => {
		answer.resume()
		answer.once("end", () => once(String(answer.statusCode)))
		answer.once("error", () => once("cut"))
		answer.once("aborted", () => once("cut"))
	})
	sent.once("timeout", () => {
		once("timeout")
		sent.destroy()
	})
	sent.once("error", (error: NodeJS.ErrnoException) => once(error.code ?? error.message))
	sent.end()
}

const tickMs = 20
let owed = 0
let last = performance.now()
const ticker = setInterval(() => {
	const now = performance.now()
	owed += (rate * (now - last)) / 1000
	last = now
	for (; owed >= 1; owed--) send()
}, tickMs)

const seconds: Second[] = []
setInterval(() => {
	seconds.push(second)
	second = fresh()
}, 1000)

const underWay = () => [...seconds, second].reduce((sum, {sent, answered}) => sum + sent - answered, 0)

createServer((asked, answer) => {
	const tell = () => answer.end(JSON.stringify([...seconds, second]))
	if (asked.url !== "/stop") return tell()
	clearInterval(ticker)
	const until = Date.now() + timeoutMs + stallMs
	const waiting = setInterval(() => {
		if (underWay() > 0 && Date.now() < until) return
		clearInterval(waiting)
		tell()
	}, 50)
}).listen(7000)

process.on("SIGTERM", () => process.exit(0))
