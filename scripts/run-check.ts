import {spawn} from "node:child_process"
import {delimiter, join, resolve} from "node:path"
import type {Check} from "./checks.ts"

const root = resolve(import.meta.dirname, "..")

export type Outcome = {
	readonly ok: boolean /** Both streams, in the order in which they came. */
	readonly output: string
}

/** Runs one check with the tools of this repository, whatever else is installed. */
export function runCheck({command: [program, ...args], fix}: Check): Promise<Outcome> {
	const env = {
		...process.env,
		PATH: [join(root, "node_modules/.bin"), process.env.PATH].join(delimiter),
		NO_COLOR: "1",
	}
	return new Promise((done) => {
		const child = spawn(program, args, {cwd: root, env, stdio: ["ignore", "pipe", "pipe"]})
		const chunks: Buffer[] = []
		child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk))
		child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk))
		child.once("error", (error) => done({ok: false, output: `cannot run ${program}: ${error.message}`}))
		child.once("close", (code) => {
			const output = Buffer.concat(chunks).toString().trim()
			done({ok: code === 0, output: code === 0 || !fix ? output : `${output}\nTo fix: ${fix}`})
		})
	})
}
