import {expect, onTestFinished, test} from "vitest"
import {snapshotOf} from "../../profiles/snapshot/snapshot.ts"
import {KubeError} from "../kube/errors.ts"
import {notLeader} from "../kube/lease.ts"
import type {Client} from "../kube/types.ts"
import {WriteGuard} from "../kube/writes.ts"
import {ControllerRunner} from "./controller.ts"
import {TerminalError, TransientError, ValidationError} from "./errors.ts"
import {createLog} from "./log.ts"
import {Metrics} from "./metrics.ts"
import {Queue} from "./queue.ts"
import {FakeClock, settle} from "./testing/fake-clock.ts"
import type {Controller, ReconcileContext, Result} from "./types.ts"

const doing = {verb: "apply", resource: "namespaces", name: "shop"}
const kubeError = (code: number, reason: string, retryAfterMs?: number) =>
	new KubeError({code, reason, said: "so", doing, retryAfterMs})

/** Runs one worker whose reconcile does what is given, time by time; the last one is repeated. */
function run(
	behaviours: readonly ((context: ReconcileContext) => Promise<Result | undefined>)[],
	options: Partial<Controller> = {},
) {
	const clock = new FakeClock()
	const queue = new Queue({clock})
	const metrics = new Metrics({processMetrics: false})
	const lines: {level: string; msg: string}[] = []
	const stop = new AbortController()
	let calls = 0
	const controller: Controller = {
		name: "test",
		watches: [],
		keys: () => [],
		reconcile: (_, context) =>
			behaviours[Math.min(calls++, behaviours.length - 1)]?.(context) ?? Promise.resolve(undefined),
		...options,
	}
	const runner = new ControllerRunner({
		controller,
		queue,
		client: {} as Client,
		writes: new WriteGuard({reads: () => true, cached: () => undefined}),
		metrics: metrics.controller("test"),
		log: createLog({level: "debug", write: (line) => lines.push(JSON.parse(line))}),
		base: {clock, snapshot: snapshotOf([]), event: () => undefined},
	})
	const running = runner.run(stop.signal)
	onTestFinished(async () => {
		stop.abort()
		await queue.shutDown()
		await running
	})
	const total = async (name: string, labels: object = {}) => {
		const {values} = (await metrics.registry.getSingleMetric(name)?.get()) ?? {values: []}
		return values.find(
			(value) => JSON.stringify(value.labels) === JSON.stringify({controller: "test", ...labels}),
		)?.value
	}
	const add = async (key: string) => {
		queue.add(key)
		await settle()
	}
	return {clock, queue, add, lines, total, stop, calls: () => calls}
}

const fails = (error: unknown) => async () => {
	throw error
}
const succeeds = async () => undefined

type Case = {
	readonly name: string
	readonly error: unknown
	readonly result: "requeue" | "error"
	/** Undefined: not tried again. */
	readonly againMs: number | undefined
	readonly level: string
}
const cases: readonly Case[] = [
	{
		name: "an error is tried again with backoff, and told",
		error: new Error("x"),
		result: "error",
		againMs: 5,
		level: "error",
	},
	{
		name: "a conflict is tried again without noise",
		error: kubeError(409, "Conflict"),
		result: "requeue",
		againMs: 5,
		level: "debug",
	},
	{
		name: "what passes by itself is tried again without noise",
		error: new TransientError("x"),
		result: "requeue",
		againMs: 5,
		level: "debug",
	},
	{
		name: "an invalid object is not tried again",
		error: new ValidationError("x"),
		result: "error",
		againMs: undefined,
		level: "error",
	},
	{
		name: "a terminal error is not tried again",
		error: new TerminalError("x"),
		result: "error",
		againMs: undefined,
		level: "error",
	},
]
for (const {name, error, result, againMs, level} of cases) {
	test(name, async () => {
		const it = run([fails(error), succeeds])
		await it.add("shop")
		expect(it.lines.map((line) => line.level)).toEqual([level])
		expect(await it.total("controller_runtime_reconcile_total", {result})).toBe(1)
		await it.clock.advance(againMs ?? 10_000_000)
		expect(it.calls()).toBe(againMs === undefined ? 1 : 2)
	})
}

test("failures in a row wait longer, and a success forgets them", async () => {
	const it = run([fails(new Error("x")), fails(new Error("x")), succeeds, fails(new Error("x")), succeeds])
	await it.add("shop")
	await it.clock.advance(5)
	await it.clock.advance(9)
	expect(it.calls()).toBe(2)
	await it.clock.advance(1)
	expect(it.calls()).toBe(3)
	await it.add("shop")
	await it.clock.advance(5)
	expect(it.calls()).toBe(5)
})

test("waiting is no failure: it comes back after exactly as long as it asked for", async () => {
	const it = run([async () => ({requeueAfterMs: 60_000}), succeeds])
	await it.add("shop")
	await it.clock.advance(59_999)
	expect(it.calls()).toBe(1)
	await it.clock.advance(1)
	expect(it.calls()).toBe(2)
	expect(await it.total("controller_runtime_reconcile_total", {result: "requeue_after"})).toBe(1)
})

test("a programming error is recovered, counted, and does not stop the others", async () => {
	const it = run([fails(new TypeError("undefined is not a function")), succeeds])
	await it.add("shop")
	await it.add("other")
	expect(it.calls()).toBe(2)
	expect(await it.total("controller_runtime_reconcile_panics_total")).toBe(1)
})

test("a reconcile that throws before it returns a promise is recovered, too", async () => {
	const it = run([], {
		reconcile: () => {
			throw new RangeError("x")
		},
	})
	await it.add("shop")
	expect(await it.total("controller_runtime_reconcile_panics_total")).toBe(1)
})

test("what is no longer ours to write is left to the next leader", async () => {
	const it = run([fails(notLeader())])
	await it.add("shop")
	await it.clock.advance(10_000_000)
	expect(it.calls()).toBe(1)
	expect(it.lines).toEqual([])
})

test("keys are worked on at the same time, as many as there are workers", async () => {
	const held: (() => void)[] = []
	const it = run([() => new Promise<undefined>((resolve) => held.push(() => resolve(undefined)))], {
		workers: 2,
	})
	for (const key of ["a", "b", "c"]) await it.add(key)
	expect(held).toHaveLength(2)
	held.shift()?.()
	await settle()
	expect(held).toHaveLength(2)
	for (const finish of held) finish()
})

test("a log line carries controller, namespace, name and an id of its own", async () => {
	const it = run([
		async ({log}) => {
			log.info("Did it", {steps: 2})
			return undefined
		},
	])
	await it.add("shop/mesh")
	expect(it.lines).toEqual([
		expect.objectContaining({
			level: "info",
			msg: "Did it",
			controller: "test",
			namespace: "shop",
			name: "mesh",
			steps: 2,
			reconcileID: expect.any(String),
		}),
	])
})
