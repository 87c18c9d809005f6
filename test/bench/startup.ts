import {spawnSync} from "node:child_process"
import {entry} from "../kit/entry.ts"
import {type Result, result} from "./result.ts"

/** Turns: `heddle --help` against a Node that does nothing, so that the machine's speed cancels out. */
export function startup(pairs = 15): Result[] {
	const ratios: number[] = []
	const help: number[] = []
	const bare: number[] = []
	time([entry, "--help"]) // fills Node's compile cache, as the first use of a day does
	for (let pair = 0; pair < pairs; pair++) {
		const first = time(["-e", "0"])
		const ours = time([entry, "--help"])
		const second = time(["-e", "0"])
		bare.push(first, second)
		help.push(ours)
		ratios.push((2 * ours) / (first + second))
	}
	return [
		result({bench: "startup", what: "heddle --help / node -e 0", unit: "ratio", aim: 3}, ratios),
		result({bench: "startup", what: "heddle --help", unit: "ms"}, help),
		result({bench: "startup", what: "node -e 0", unit: "ms"}, bare),
	]
}

function time(args: readonly string[]): number {
	const began = performance.now()
	const {status, stderr} = spawnSync(process.execPath, args, {
		encoding: "utf8",
		stdio: ["ignore", "pipe", "pipe"],
	})
	if (status !== 0) throw new Error(`node ${args.join(" ")} ended with ${status}: ${stderr}`)
	return performance.now() - began
}
