import {performance} from "node:perf_hooks"
import {PassThrough} from "node:stream"
import {render} from "ink"
import {createElement} from "react"
import {coloured} from "../../installer/report/style.ts"
import {App} from "../../installer/tui/app.ts"
import {initialState} from "../../installer/tui/model/initial.ts"
import {makeStore} from "../../installer/tui/store.ts"
import {suspender} from "../../installer/tui/terminal.ts"
import {manyRows} from "./rows.ts"

/** A terminal as far as Ink asks for one. */
class Screen extends PassThrough {
	readonly isTTY = true
	readonly columns = 120
	readonly rows = 40
}
class Keyboard extends PassThrough {
	readonly isTTY = true
	setRawMode(): this {
		return this
	}
	ref(): void {}
	unref(): void {}
}

/** Keys before the compiler has seen the code often enough. */
const warmUp = 60

const walk = ["j", "j", "j", "\u001b[6~", "j", "k", " ", "\u001b[5~", "G", "g"]

/** What each key costs, one number per key. */
export type KeyCosts = {
	/** From the key to the first byte of its frame. */
	readonly ms: number[]
	/** Work of this process for the key and its frame: what a busy machine does not add to. */
	readonly cpuMs: number[]
	/** What goes over the line to the terminal. */
	readonly bytes: number[]
}

export async function keyToFrame(count: number): Promise<KeyCosts> {
	const screen = new Screen()
	const keyboard = new Keyboard()
	const store = makeStore(
		{...initialState(Date.now(), "welcome"), screen: "namespaces", trail: ["welcome"]},
		() => {},
	)
	store.dispatch({type: "rows", rows: manyRows(count), pending: 0})
	let written = 0
	let wake: (() => void) | undefined
	screen.on("data", (data: Buffer) => {
		written += data.length
		wake?.()
	})
	const app = render(createElement(App, {store, style: coloured, suspend: suspender()}), {
		stdout: screen as unknown as NodeJS.WriteStream,
		stdin: keyboard as unknown as NodeJS.ReadStream,
		interactive: true,
		alternateScreen: true,
		incrementalRendering: true,
		exitOnCtrlC: false,
		patchConsole: false,
		maxFps: 120,
	})
	await app.waitUntilRenderFlush()
	const ms: number[] = []
	const cpuMs: number[] = []
	const bytes: number[] = []
	for (let index = 0; index < 400; index++) {
		const before = written
		const drawn = new Promise<void>((done) => {
			wake = done
		})
		const cpu = process.cpuUsage()
		const began = performance.now()
		keyboard.write(walk[index % walk.length] ?? "j")
		await Promise.race([drawn, new Promise((done) => setTimeout(done, 200))])
		if (written === before) continue
		ms.push(performance.now() - began)
		await app.waitUntilRenderFlush()
		const {user, system} = process.cpuUsage(cpu)
		cpuMs.push((user + system) / 1_000)
		bytes.push(written - before)
		// Longer than a frame: a person's keys do not come faster, and the throttle is not what is measured.
		await new Promise((done) => setTimeout(done, 12))
	}
	app.unmount()
	return {ms: ms.slice(warmUp), cpuMs: cpuMs.slice(warmUp), bytes: bytes.slice(warmUp)}
}
