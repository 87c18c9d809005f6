import {spawnSync} from "node:child_process"
import {resolve} from "node:path"
import {createAll, down} from "../../installer/sandbox/index.ts"
import {apply, installCrds} from "../kit/apply.ts"
import {get, openWorld, type World} from "../kit/open-world.ts"
import {spawnOperator} from "../kit/operator-process.ts"
import {profile} from "../kit/shop.ts"
import {waitFor} from "../kit/wait.ts"
import {allConverged} from "./converged.ts"
import {type Result, result} from "./result.ts"

export type OperatorBench = {readonly namespaces: number; readonly pairs: number; readonly keep: boolean}

const loop = resolve(import.meta.dirname, "bare-loop.ts")

/**
 * How much slower than the API server itself the operator is: from a MeshProfile to the last namespace that reports
 * converged, against a loop that makes the same three writes per namespace and nothing else. Pairs take turns, each
 * on namespaces of its own.
 */
export async function operator({namespaces, pairs, keep}: OperatorBench): Promise<Result[]> {
	const name = "bench-operator"
	const world = await openWorld({name, mesh: "istio", nodes: 1})
	try {
		await installCrds(world)
		const process = await spawnOperator({kubeconfig: world.sandbox.kubeconfig, namespace: "default"})
		try {
			await process.ready()
			return await pairsOf(world, namespaces, pairs)
		} finally {
			await process.stop()
		}
	} finally {
		await world.http.close()
		if (!keep) await down(name)
	}
}

async function pairsOf(world: World, namespaces: number, pairs: number): Promise<Result[]> {
	const run = Date.now().toString(36)
	const bare: number[] = []
	const ours: number[] = []
	for (let pair = 0; pair < pairs; pair++) {
		const turns = [
			() => timeLoop(world, `${run}-${pair}-bare`, namespaces),
			() => timeOperator(world, `${run}-${pair}-heddle`, namespaces),
		]
		const [first, second] = pair % 2 === 0 ? turns : turns.toReversed()
		const times = [await first?.(), await second?.()] as number[]
		const [loopMs = 0, operatorMs = 0] = pair % 2 === 0 ? times : times.toReversed()
		process.stderr.write(
			`bench: pair ${pair + 1} of ${pairs}: ${Math.round(loopMs)} ms bare, ${Math.round(operatorMs)} ms operator\n`,
		)
		bare.push(loopMs)
		ours.push(operatorMs)
	}
	const bench = "operator"
	const note = `${namespaces} namespaces without workloads, enrolled with istio-sidecar on a real API server`
	return [
		result(
			{bench, what: "operator / bare loop", unit: "ratio", aim: 1.2, note},
			ours.map((ms, pair) => ms / (bare[pair] ?? Number.NaN)),
		),
		result(
			{bench, what: "operator", unit: "s"},
			ours.map((ms) => ms / 1_000),
		),
		result(
			{bench, what: "bare 64-way loop", unit: "s"},
			bare.map((ms) => ms / 1_000),
		),
	]
}

async function timeLoop(world: World, set: string, count: number): Promise<number> {
	const names = await prepare(world, set, count)
	const {stdout, stderr, status} = spawnSync(
		process.execPath,
		[loop, world.sandbox.kubeconfig, set, ...names],
		{encoding: "utf8"},
	)
	if (status !== 0) throw new Error(`the bare loop ended with ${status}: ${stderr}`)
	return Number(stdout)
}

async function timeOperator(world: World, set: string, count: number): Promise<number> {
	await prepare(world, set, count)
	const done = allConverged(world, set, count, 120_000 + count * 60)
	const began = performance.now()
	const selector = {matchLabels: {bench: set}}
	await apply(
		world,
		profile(set, {namespaceSelector: selector, dataplane: {mode: "Sidecar", provider: "istio-sidecar"}}),
	)
	return (await done) - began
}

/** Namespaces of their own, and a cluster that has come to rest after making them. */
async function prepare(world: World, set: string, count: number): Promise<string[]> {
	const names = Array.from({length: count}, (_, index) => `bench-${set}-${index}`)
	await createAll(
		world.sandbox.name,
		names.map((name) => ({apiVersion: "v1", kind: "Namespace", metadata: {name, labels: {bench: set}}})),
	)
	for (const [kind, path] of [
		["the ServiceAccounts", "serviceaccounts?fieldSelector=metadata.name%3Ddefault"],
		["the certificates of istiod", "configmaps?fieldSelector=metadata.name%3Distio-ca-root-cert"],
	] as const) {
		await waitFor(
			`${kind} of ${count} namespaces`,
			async () => {
				const {items} = (await world.http.request(get(`/api/v1/${path}`))) as {
					items: {metadata: {namespace: string}}[]
				}
				return items.filter(({metadata}) => metadata.namespace.startsWith(`bench-${set}-`)).length
			},
			(seen) => seen >= count,
			{timeoutMs: 300_000, everyMs: 1_000},
		)
	}
	return names
}
