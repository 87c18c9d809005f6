import {spawn} from "node:child_process"
import {once} from "node:events"
import {expect, test} from "vitest"
import {jsonOf} from "../../kit/cli.ts"
import {entry, withoutColour} from "../../kit/entry.ts"
import {heddleOn, inventory, useBareWorld} from "./bare.ts"

const world = useBareWorld()
const small = ["operator", "wasm-runtime", "gateway-api", "--set", "gateway-api.version=1.6.0", "--yes"]

type Report = {result: string; diagnostics: unknown[]}

/** Runs the program and kills it, as an out-of-memory killer does it, once it has told of `lines` finished objects. */
async function killedAfter(lines: number, args: readonly string[]): Promise<void> {
	const child = spawn(process.execPath, [entry, ...args, "--kubeconfig", world().sandbox.kubeconfig], {
		env: withoutColour(process.env),
		stdio: ["ignore", "ignore", "pipe"],
	})
	let said = ""
	const exit = once(child, "exit")
	child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
		said += chunk
		const finished = said.split("\n").filter((line) => /^✓ (create|delete) /.test(line)).length
		if (finished >= lines) child.kill("SIGKILL")
	})
	const [, signal] = (await exit) as [number | null, string | null]
	expect(signal, said).toBe("SIGKILL")
}

test.each([1, 8, 14, 21])(
	"an install and an uninstall that are killed after %i objects go on where they stopped",
	{
		timeout: 600_000,
	},
	async (lines) => {
		const before = await inventory(world())
		await killedAfter(lines, ["install", ...small])
		const resumed = await heddleOn(world(), "install", ...small, "--wait-for-lock", "60s", "-o", "json")
		expect(resumed.code, resumed.stderr).toBe(0)
		const settled = await heddleOn(world(), "install", ...small, "-o", "json")
		expect(jsonOf<Report>(settled).result).toBe("unchanged")
		await killedAfter(lines, ["uninstall", "--yes"])
		const gone = await heddleOn(world(), "uninstall", "--yes", "--wait-for-lock", "60s", "-o", "json")
		expect(gone.code, gone.stderr).toBe(0)
		expect([...(await inventory(world())).keys()]).toEqual([...before.keys()])
	},
)
