import {spawn} from "node:child_process"
import {once} from "node:events"
import {mkdtempSync, readFileSync, rmSync} from "node:fs"
import {tmpdir} from "node:os"
import {join, resolve} from "node:path"
import {monitorEventLoopDelay} from "node:perf_hooks"
import {setTimeout as pause} from "node:timers/promises"
import {down} from "../../installer/sandbox/index.ts"
import {installCrds} from "../kit/apply.ts"
import {openWorld, type World} from "../kit/open-world.ts"
import {spawnOperator} from "../kit/operator-process.ts"
import {ensurePods} from "./pods.ts"
import {type Result, result} from "./result.ts"

/** What probe.mjs writes. */
type Report = {
	readonly since: number
	readonly blockMs: number
	readonly peakMiB: number
	readonly settledMiB: number
	/** How long this idle process was not let run at most, meanwhile: the machine's own noise. */
	readonly stallMs: number
}

const probe = resolve(import.meta.dirname, "probe.mjs")
const peer = resolve(import.meta.dirname, "peer-informer.ts")
const settleMs = 4_000

export type CacheBench = {readonly pods: number; readonly pairs: number; readonly keep: boolean}

/** The operator's cache while it fills with the pods of a large cluster, and client-node's informer beside it. */
export async function cache({pods, pairs, keep}: CacheBench): Promise<Result[]> {
	const name = "bench-cache"
	const world = await openWorld({name, mesh: "none", nodes: 1})
	try {
		await installCrds(world)
		const began = performance.now()
		const {bytes} = await ensurePods(world, pods)
		process.stderr.write(
			`bench: ${pods} pods of ${bytes} bytes, ${Math.round((performance.now() - began) / 1_000)} s\n`,
		)
		const ours: Report[] = []
		const theirs: Report[] = []
		for (let pair = 0; pair < pairs; pair++) {
			ours.push(await measured((report) => syncOperator(world, report, pods)))
			theirs.push(await measured((report) => syncPeer(world, report)))
		}
		const note = `${pods} pods of ${(bytes / 1_000).toFixed(1)} KB on a real API server`
		return [
			...results("operator", ours, {memory: 300, block: 50, note}),
			...results("client-node's informer", theirs, {note: "the peer, same run and same pods"}),
			result(
				{
					bench: "cache",
					what: "an idle process: longest block",
					unit: "ms",
					note: "the machine's own noise meanwhile",
				},
				ours.map(({stallMs}) => stallMs),
			),
		]
	} finally {
		await world.http.close()
		if (!keep) await down(name)
	}
}

type Aims = {readonly memory?: number; readonly block?: number; readonly note: string}

function results(who: string, reports: readonly Report[], {memory, block, note}: Aims): Result[] {
	const bench = "cache"
	const all = (pick: (report: Report) => number) => reports.map(pick)
	return [
		result(
			{bench, what: `${who}: peak memory`, unit: "MiB", note, ...(memory && {aim: memory})},
			all(({peakMiB}) => peakMiB),
		),
		result(
			{bench, what: `${who}: settled memory`, unit: "MiB"},
			all(({settledMiB}) => settledMiB),
		),
		result(
			{bench, what: `${who}: longest block`, unit: "ms", ...(block && {aim: block})},
			all(({blockMs}) => blockMs),
		),
	]
}

async function measured(run: (report: string) => Promise<void>): Promise<Report> {
	const folder = mkdtempSync(join(tmpdir(), "heddle-bench-"))
	try {
		const file = join(folder, "report.json")
		const idle = monitorEventLoopDelay({resolution: 5})
		idle.enable()
		await run(file)
		const report: Report = {
			...JSON.parse(readFileSync(file, "utf8")),
			stallMs: Math.max(0, idle.max / 1e6 - 5),
		}
		if (report.since === 0) throw new Error("the measured process never asked for pods")
		return report
	} finally {
		rmSync(folder, {recursive: true, force: true})
	}
}

async function syncOperator(world: World, report: string, pods: number): Promise<void> {
	const operator = await spawnOperator({
		kubeconfig: world.sandbox.kubeconfig,
		namespace: "default",
		nodeArgs: ["--import", probe],
		env: {HEDDLE_BENCH_REPORT: report},
	})
	try {
		await operator.ready()
		const metrics = await (await fetch(operator.metrics)).text()
		const held = Number(/^heddle_cache_objects\{kind="Pod"\} (\d+)/m.exec(metrics)?.[1] ?? 0)
		if (held < pods) throw new Error(`the operator is ready with ${held} of ${pods} pods in its cache`)
		await pause(settleMs)
	} finally {
		await operator.stop()
	}
}

async function syncPeer(world: World, report: string): Promise<void> {
	const child = spawn(process.execPath, ["--import", probe, peer, world.sandbox.kubeconfig], {
		env: {...process.env, HEDDLE_BENCH_REPORT: report},
		stdio: ["pipe", "pipe", "inherit"],
	})
	const exit = once(child, "exit")
	try {
		await Promise.race([once(child.stdout, "data"), exit])
		if (child.exitCode !== null) throw new Error(`client-node's informer ended with code ${child.exitCode}`)
		await pause(settleMs)
	} finally {
		child.stdin.end()
		await exit
	}
}
