import {type ChildProcess, spawn} from "node:child_process"
import {once} from "node:events"
import {readdirSync, readFileSync} from "node:fs"
import {expect, onTestFinished, test} from "vitest"
import {heddle, jsonOf} from "../../kit/cli.ts"
import {entry, withoutColour} from "../../kit/entry.ts"
import {hasPulumi, needPulumi, pulumiEnv} from "../../kit/pulumi.ts"
import {waitFor} from "../../kit/wait.ts"
import {inventory, useBareWorld} from "./bare.ts"

/* What stops the engine `pulumi`, and how it goes on: with Pulumi's real CLI, provider and a real API server. */

const world = useBareWorld(hasPulumi)
needPulumi()
const slow = {timeout: 900_000}
const small = ["operator", "wasm-runtime", "gateway-api"]

type Env = Readonly<Record<string, string>>
type Report = {result: string}

const argsOf = (args: readonly string[]) => [
	...args,
	"--engine",
	"pulumi",
	"--kubeconfig",
	world().sandbox.kubeconfig,
]
const run = (env: Env, ...args: readonly string[]) => heddle(argsOf(args), {env, timeoutMs: slow.timeout})
const keys = async () => [...(await inventory(world())).keys()]

type Running = {readonly child: ChildProcess; said(): string; readonly end: Promise<number | string | null>}

function start(env: Env, ...args: readonly string[]): Running {
	const child = spawn(process.execPath, [entry, ...argsOf(args)], {
		env: {...withoutColour(process.env), ...env},
		stdio: ["ignore", "ignore", "pipe"],
	})
	let said = ""
	child.stderr?.setEncoding("utf8").on("data", (chunk: string) => (said += chunk))
	onTestFinished(() => void child.kill("SIGKILL"))
	const end = once(child, "exit").then(([code, signal]) => (code ?? signal) as number | string | null)
	return {child, said: () => said, end}
}

const finished = (said: string) => said.split("\n").filter((line) => /^✓ (create|delete) /.test(line)).length

async function until({said}: Running, count: number): Promise<void> {
	await waitFor(
		`${count} finished objects`,
		async () => said(),
		(text) => finished(text) >= count,
	)
}

/** Processes below one, the nearest first. */
function below(pid: number): {pid: number; command: string}[] {
	const all = readdirSync("/proc")
		.filter((name) => /^\d+$/.test(name))
		.flatMap((name) => {
			try {
				const stat = readFileSync(`/proc/${name}/stat`, "utf8")
				const [, command = "", parent = ""] = /\((.*)\) \S (\d+)/.exec(stat) ?? []
				return [{pid: Number(name), command, parent: Number(parent)}]
			} catch {
				return [] // ended meanwhile
			}
		})
	const children = all.filter(({parent}) => parent === pid)
	return [...children, ...children.flatMap((one) => below(one.pid))]
}

const victims = [
	["Heddle itself", (pid: number) => [pid]],
	[
		"the process that runs the program",
		(pid: number) =>
			below(pid)
				.slice(0, 1)
				.map((one) => one.pid),
	],
	[
		"Pulumi's engine",
		(pid: number) =>
			below(pid)
				.filter(({command}) => command.startsWith("pulumi"))
				.slice(0, 1)
				.map((one) => one.pid),
	],
	["all of them at once", (pid: number) => [pid, ...below(pid).map((one) => one.pid)]],
] as const

test.each(victims.flatMap(([name, of]) => [3, 12].map((count) => [name, count, of] as const)))(
	"kill -9 of %s after %i objects: the same command goes on, and an uninstall that is killed too leaves nothing",
	slow,
	async (_name, count, of) => {
		const env = pulumiEnv()
		const before = await keys()
		for (const args of [
			["install", ...small, "--yes"],
			["uninstall", "--yes"],
		]) {
			const running = start(env, ...args)
			await until(running, count)
			for (const pid of of(running.child.pid ?? 0)) process.kill(pid, "SIGKILL")
			expect(await running.end, running.said()).not.toBe(0)
			const resumed = await run(env, ...args, "--wait-for-lock", "90s", "-o", "json")
			expect(resumed.code, resumed.stderr).toBe(0)
			if (args[0] === "uninstall") continue
			const settled = await run(env, "install", ...small, "-o", "json")
			expect(jsonOf<Report>(settled).result).toBe("unchanged")
		}
		expect(await keys()).toEqual(before)
	},
)

test("Ctrl-C ends in order with 130, frees the stack, and the same command goes on", slow, async () => {
	const env = pulumiEnv()
	const before = await keys()
	const running = start(env, "install", ...small, "--yes")
	await until(running, 5)
	running.child.kill("SIGINT")
	expect(await running.end, running.said()).toBe(130)
	const resumed = await run(env, "install", ...small, "--yes", "--wait-for-lock", "1ms", "-o", "json")
	expect(resumed.code, resumed.stderr).toBe(0)
	expect((await run(env, "uninstall", "--yes")).code).toBe(0)
	expect(await keys()).toEqual(before)
})

test("of two at once one waits, or refuses and names who is at it", slow, async () => {
	const env = pulumiEnv()
	const running = start(env, "install", ...small, "--yes")
	await until(running, 2)
	const refused = await run(env, "install", ...small, "--yes", "--wait-for-lock", "1ms")
	expect(refused.code).toBe(3)
	expect(refused.stderr).toContain("another update of the stack is under way")
	expect(refused.stderr).toMatch(/created by .*pid \d+/)
	const waited = await run(env, "install", ...small, "--yes", "--wait-for-lock", "5m", "-o", "json")
	expect([await running.end, waited.code], waited.stderr).toEqual([0, 0])
	expect((await run(env, "uninstall", "--yes")).code).toBe(0)
})
