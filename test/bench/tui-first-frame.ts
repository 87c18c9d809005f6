import {spawnSync} from "node:child_process"
import {spawn} from "@lydell/node-pty"
import {entry} from "../kit/entry.ts"

/** Turns: the first frame in a real pseudo-terminal against a Node that does nothing. */
export async function firstFrames(pairs: number): Promise<{ratios: number[]; frames: number[]}> {
	const ratios: number[] = []
	const frames: number[] = []
	await firstFrame() // fills Node's compile cache, as the first use of a day does
	for (let pair = 0; pair < pairs; pair++) {
		const before = bare()
		const frame = await firstFrame()
		const after = bare()
		frames.push(frame)
		ratios.push((2 * frame) / (before + after))
	}
	return {ratios, frames}
}

function bare(): number {
	const began = performance.now()
	spawnSync(process.execPath, ["-e", "0"], {stdio: "ignore"})
	return performance.now() - began
}

async function firstFrame(): Promise<number> {
	const began = performance.now()
	const pty = spawn(process.execPath, [entry], {name: "xterm-256color", cols: 120, rows: 40})
	let seen = ""
	const at = await new Promise<number>((done) => {
		pty.onData((data) => {
			seen += data
			if (seen.includes("Which cluster?")) done(performance.now())
		})
	})
	const ended = new Promise<void>((done) => pty.onExit(() => done()))
	pty.write("q")
	await ended
	return at - began
}
