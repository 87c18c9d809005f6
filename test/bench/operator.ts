import {spawnSync} from "node:child_process"
import {resolve} from "node:path"
import type {MeshBinding} from "../../crds/generated.ts"
import {createAll, down} from "../../installer/sandbox/index.ts"
import {MeshBinding as MeshBindingKind} from "../../operator/api/kinds.ts"
import {apply, installCrds} from "../kit/apply.ts"
import {get, openWorld, type World} from "../kit/open-world.ts"
import {type RunningOperator, spawnOperator} from "../kit/operator-process.ts"
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
		const sample = await sampleBinding(world)
		const runs: Pair[] = []
		for (let pair = 0; pair < pairs; pair++) runs.push(await runPair({world, sample, namespaces}, pair))
		return report(runs, namespaces)
	} finally {
		await world.http.close()
		if (!keep) await down(name)
	}
}

/** Milliseconds of both, and the operator's writes for one namespace. */
type Pair = {readonly bare: number; readonly ours: number; readonly writes: number}

type Setting = {readonly world: World; readonly sample: MeshBinding; readonly namespaces: number}

/** What the operator writes for one namespace; the loop writes the same for each of its own. */
async function sampleBinding(world: World): Promise<MeshBinding> {
	const set = `${Date.now().toString(36)}-sample`
	await timeOperator(world, set, 1)
	const binding = await world.client.get(MeshBindingKind, "mesh", `bench-${set}-0`)
	if (binding === undefined) throw new Error("the operator made no MeshBinding to write after")
	return binding
}

/** The loop and the operator take turns in going first. */
async function runPair({world, sample, namespaces}: Setting, pair: number): Promise<Pair> {
	const set = `${Date.now().toString(36)}-${pair}`
	const loopFirst = pair % 2 === 0
	const early = loopFirst ? await timeLoop({world, sample, namespaces}, `${set}-bare`) : 0
	const {ours, writes} = await timeOperator(world, `${set}-heddle`, namespaces)
	const bare = loopFirst ? early : await timeLoop({world, sample, namespaces}, `${set}-bare`)
	process.stderr.write(
		`bench: pair ${pair + 1}: ${Math.round(bare)} ms bare, ${Math.round(ours)} ms operator\n`,
	)
	return {bare, ours, writes}
}

function report(runs: readonly Pair[], namespaces: number): Result[] {
	const bench = "operator"
	const note = `${namespaces} namespaces without workloads, enrolled with istio-sidecar on a real API server`
	const all = (pick: (pair: Pair) => number) => runs.map(pick)
	return [
		result(
			{bench, what: "operator / bare loop", unit: "ratio", aim: 1.2, note},
			all(({ours, bare}) => ours / bare),
		),
		result(
			{bench, what: "operator", unit: "s"},
			all(({ours}) => ours / 1_000),
		),
		result(
			{bench, what: "bare 64-way loop", unit: "s"},
			all(({bare}) => bare / 1_000),
		),
		result(
			{bench, what: "writes per namespace (the loop makes 3)", unit: "writes"},
			all(({writes}) => writes),
		),
	]
}

async function writesOf({metrics}: RunningOperator): Promise<number> {
	const text = await (await fetch(metrics)).text()
	const lines = text.matchAll(
		/^rest_client_requests_total\{[^}]*method="(?:PATCH|POST|DELETE)"[^}]*\} (\d+)/gm,
	)
	return [...lines].reduce((sum, [, count]) => sum + Number(count), 0)
}

async function timeLoop({world, sample, namespaces}: Setting, set: string): Promise<number> {
	const names = await prepare(world, set, namespaces)
	const {stdout, stderr, status} = spawnSync(
		process.execPath,
		[loop, world.sandbox.kubeconfig, JSON.stringify(sample), ...names],
		{encoding: "utf8"},
	)
	if (status !== 0) throw new Error(`the bare loop ended with ${status}: ${stderr}`)
	return Number(stdout)
}

/** The operator runs during its own turn only: it would see to what the loop makes. */
async function timeOperator(world: World, set: string, count: number): Promise<Omit<Pair, "bare">> {
	await prepare(world, set, count)
	const running = await spawnOperator({kubeconfig: world.sandbox.kubeconfig, namespace: "default"})
	try {
		await running.ready()
		const before = await writesOf(running)
		const done = allConverged(world, set, count, 120_000 + count * 60)
		const began = performance.now()
		const dataplane = {mode: "Sidecar", provider: "istio-sidecar"}
		await apply(world, profile(set, {namespaceSelector: {matchLabels: {bench: set}}, dataplane}))
		const ours = (await done) - began
		return {ours, writes: ((await writesOf(running)) - before) / count}
	} finally {
		await running.stop()
	}
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
