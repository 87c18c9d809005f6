import {spawn} from "node:child_process"
import {once} from "node:events"
import {expect} from "vitest"
import {entry, withoutColour} from "../../kit/entry.ts"

/** Runs the program and kills it, as an out-of-memory killer does it, once it has told of `lines` finished objects. */
export async function killedAfter(lines: number, args: readonly string[]): Promise<void> {
	const child = spawn(process.execPath, [entry, ...args], {
		env: withoutColour(process.env),
		stdio: ["ignore", "ignore", "pipe"],
	})
	let said = ""
	const exit = once(child, "exit")
	child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
		said += chunk
		const finished = said.split("\n").filter((line) => /^✓ (create|update|delete|adopt) /.test(line)).length
		if (finished >= lines) child.kill("SIGKILL")
	})
	const [, signal] = (await exit) as [number | null, string | null]
	expect(signal, said).toBe("SIGKILL")
}
