import {existsSync} from "node:fs"
import {mkdtemp, readdir, readFile, rm} from "node:fs/promises"
import {tmpdir} from "node:os"
import {join} from "node:path"
import {Client} from "undici"
import {obtainEnvoy} from "../../installer/sandbox/node/envoy.ts"
import {type Envoy, type Filter, startEnvoy} from "../wasm/envoy.ts"
import {buildExamples} from "../wasm/examples.ts"
import {type Result, result} from "./result.ts"

export type WasmOptions = {
	/** One after the other, of each Envoy in each round. */
	readonly requests: number
	readonly rounds: number
}

/** `printf %s let-me-in | sha256sum` */
const digest = "a3ee786b5707c27d42570785081ec17f5c7db9262a01366af362a1aa61a420b9"
const bench = "wasm"
const note =
	"one worker, one connection, one request at a time, 15 headers; the difference to the same Envoy without a module, in turns"

type Runner = {readonly name: string; readonly envoy: Envoy; readonly client: Client}
type Cost = {readonly elapsed: number; readonly cpu: number}

/** What a request costs more with each example module than in the same Envoy without one. Linux only, for the CPU time. */
export async function wasm({requests, rounds}: WasmOptions): Promise<Result[]> {
	const program = await obtainEnvoy().catch((error: Error) => {
		process.stderr.write(`bench: wasm is left out: ${error.message}\n`)
	})
	if (program === undefined) return []
	const folder = await mkdtemp(join(tmpdir(), "heddle-bench-wasm-"))
	const runners: Runner[] = []
	try {
		await buildExamples(folder)
		for (const [name, filters] of Object.entries(variants(folder))) {
			const envoy = await startEnvoy(program, filters)
			runners.push({name, envoy, client: new Client(envoy.url)})
		}
		for (const runner of runners) await requestsOf(runner, Math.ceil(requests / 4))
		const costs = await measured(runners, {requests, rounds})
		return await resultsOf(runners, costs)
	} finally {
		await Promise.all(runners.map(({client}) => client.destroy()))
		await Promise.all(runners.map(({envoy}) => envoy.stop()))
		await rm(folder, {recursive: true, force: true})
	}
}

function variants(folder: string): Record<string, readonly Filter[]> {
	const at = (name: string, config: unknown): Filter => ({name, module: join(folder, `${name}.wasm`), config})
	const inRust = [at("token-check-rust", {sha256: [digest]})]
	return {
		none: [],
		"header-audit": [at("header-audit", {headers: ["x-header-1", "x-header-2", "x-header-3", "x-header-4"]})],
		"token-check": [at("token-check", {sha256: [digest]})],
		...(inRust.every(({module}) => existsSync(module)) && {"token-check-rust": inRust}),
	}
}

/** In turns, and in another order every time, so that what else the machine does falls on all alike. */
async function measured(
	runners: readonly Runner[],
	{requests, rounds}: WasmOptions,
): Promise<ReadonlyMap<string, Cost[]>> {
	const costs = new Map(runners.map(({name}) => [name, [] as Cost[]]))
	for (let round = 0; round < rounds; round++) {
		for (let turn = 0; turn < runners.length; turn++) {
			const runner = runners[(round + turn) % runners.length]
			if (runner !== undefined) costs.get(runner.name)?.push(await costOf(runner, requests))
		}
	}
	return costs
}

/** Both in microseconds per request; the CPU time is Envoy's own. */
async function costOf(runner: Runner, requests: number): Promise<Cost> {
	const [cpu, from] = [await cpuOf(runner.envoy.pid), performance.now()]
	await requestsOf(runner, requests)
	const elapsed = performance.now() - from
	return {
		elapsed: (elapsed * 1_000) / requests,
		cpu: (await cpuOf(runner.envoy.pid).then((after) => after - cpu)) / 1_000 / requests,
	}
}

const headers = {
	authorization: "Bearer let-me-in",
	...Object.fromEntries(Array.from({length: 12}, (_, i) => [`x-header-${i}`, `value number ${i}`])),
}

async function requestsOf({name, client}: Runner, count: number): Promise<void> {
	for (let i = 0; i < count; i++) {
		const {statusCode, body} = await client.request({method: "GET", path: "/cart", headers})
		await body.dump()
		if (statusCode !== 200)
			throw new Error(`${name} answered ${statusCode}: what was measured is not what was meant`)
	}
}

/** Nanoseconds that the process has run, all its threads together (proc_pid_schedstat). */
async function cpuOf(pid: number): Promise<number> {
	const threads = await readdir(`/proc/${pid}/task`)
	const each = await Promise.all(
		threads.map(async (thread) =>
			Number((await readFile(`/proc/${pid}/task/${thread}/schedstat`, "utf8")).split(" ")[0]),
		),
	)
	return each.reduce((sum, one) => sum + one, 0)
}

async function memoryOf({envoy}: Runner): Promise<number> {
	const status = await readFile(`/proc/${envoy.pid}/status`, "utf8")
	return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1_024
}

async function resultsOf(
	runners: readonly Runner[],
	costs: ReadonlyMap<string, readonly Cost[]>,
): Promise<Result[]> {
	const [without, ...others] = runners
	if (without === undefined) return []
	const base = costs.get(without.name) ?? []
	const baseMemory = await memoryOf(without)
	const line = (what: string, values: readonly number[]) => result({bench, what, unit: "µs"}, values)
	const more = await Promise.all(
		others.map(async (runner) => {
			const own = costs.get(runner.name) ?? []
			const difference = (of: keyof Cost) => own.map((cost, i) => cost[of] - (base[i]?.[of] ?? Number.NaN))
			return [
				line(`${runner.name}: more CPU per request`, difference("cpu")),
				line(`${runner.name}: more time per request`, difference("elapsed")),
				result({bench, what: `${runner.name}: more memory`, unit: "MiB", note: "resident, one worker"}, [
					(await memoryOf(runner)) - baseMemory,
				]),
			]
		}),
	)
	const first = {bench, what: "without a module: CPU per request", unit: "µs", note} as const
	return [
		result(
			first,
			base.map(({cpu}) => cpu),
		),
		line(
			"without a module: time per request",
			base.map(({elapsed}) => elapsed),
		),
		...more.flat(),
	]
}
