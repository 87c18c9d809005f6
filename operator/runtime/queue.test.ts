import fc from "fast-check"
import {describe, expect, test} from "vitest"
import {Queue} from "./queue.ts"
import {FakeClock, settle} from "./testing/fake-clock.ts"

function queue() {
	const clock = new FakeClock()
	const it = new Queue({clock})
	const taken: (string | undefined)[] = []
	/** A worker that takes one key and leaves it under way. */
	const take = async () => {
		void it.get().then((key) => taken.push(key))
		await settle()
	}
	return {clock, queue: it, taken, take}
}

test("a key that is added twice waits once", async () => {
	const it = queue()
	it.queue.add("a")
	it.queue.add("a")
	expect(it.queue.depth).toBe(1)
	await it.take()
	await it.take()
	expect(it.taken).toEqual(["a"])
})

test("a key that is added while it is worked on is handed out again, and not before it is done", async () => {
	const it = queue()
	it.queue.add("a")
	await it.take()
	it.queue.add("a")
	await it.take()
	expect(it.taken).toEqual(["a"])
	it.queue.done("a")
	await settle()
	expect(it.taken).toEqual(["a", "a"])
})

test("what someone changed goes before what is only looked at again", async () => {
	const it = queue()
	it.queue.add("resynced", "resync")
	it.queue.add("both", "resync")
	it.queue.add("changed")
	it.queue.add("both")
	for (let i = 0; i < 3; i++) await it.take()
	expect(it.taken).toEqual(["changed", "both", "resynced"])
})

test("a change while it is worked on is not lowered by a resync", async () => {
	const it = queue()
	it.queue.add("a")
	await it.take()
	it.queue.add("a", "change")
	it.queue.add("a", "resync")
	it.queue.add("b", "resync")
	it.queue.done("a")
	await it.take()
	expect(it.taken).toEqual(["a", "a"])
})

test("of two waits for a key the earlier one counts", async () => {
	const it = queue()
	it.queue.addAfter("a", 1_000)
	it.queue.addAfter("a", 100)
	it.queue.addAfter("a", 500)
	await it.clock.advance(99)
	expect(it.queue.depth).toBe(0)
	await it.clock.advance(1)
	expect(it.queue.depth).toBe(1)
	await it.take()
	it.queue.done("a")
	await it.clock.advance(10_000)
	expect(it.queue.depth).toBe(0)
})

describe("failures of a key wait longer each time, until they are forgotten", () => {
	test("from 5 ms on, doubled, to 1000 s", () => {
		const it = queue()
		const waits = Array.from({length: 20}, () => it.queue.addRateLimited("a"))
		expect(waits.slice(0, 4)).toEqual([5, 10, 20, 40])
		expect(waits.at(-1)).toBe(1_000_000)
		it.queue.forget("a")
		expect(it.queue.addRateLimited("a")).toBe(5)
	})

	test("and of all keys together ten per second after a burst of a hundred", () => {
		const it = queue()
		const waits = Array.from({length: 120}, (_, index) => it.queue.addRateLimited(`key-${index}`))
		expect(waits[99]).toBe(5)
		expect(waits[119]).toBeCloseTo(2_000)
	})
})

test("shutting down drops what waits, lets what is under way end, and sends the workers home", async () => {
	const it = queue()
	it.queue.add("a")
	it.queue.add("b")
	it.queue.addAfter("c", 10)
	await it.take()
	let drained = false
	void it.queue.shutDown().then(() => {
		drained = true
	})
	await it.take()
	await it.clock.advance(1_000)
	expect(it.taken).toEqual(["a", undefined])
	expect(drained).toBe(false)
	it.queue.add("d")
	it.queue.done("a")
	await settle()
	expect(drained).toBe(true)
	expect(it.queue.depth).toBe(0)
})

test("tells how long keys waited, and how long they are worked on", async () => {
	const clock = new FakeClock()
	const heard: string[] = []
	const it = new Queue({
		clock,
		observer: {started: (ms) => heard.push(`waited ${ms}`), finished: (ms) => heard.push(`worked ${ms}`)},
	})
	it.add("a")
	await clock.advance(30)
	const key = await it.get()
	await clock.advance(12)
	expect(it.unfinishedMs).toEqual([12])
	it.done(key as string)
	expect(heard).toEqual(["waited 30", "worked 12"])
})

const key = fc.constantFrom("a", "b", "c")
const step = fc.oneof(
	fc.record({
		do: fc.constant("add" as const),
		key,
		priority: fc.constantFrom("change" as const, "resync" as const),
	}),
	fc.record({do: fc.constant("done" as const), key}),
	fc.record({do: fc.constant("get" as const)}),
)

/** Workers that check what they are handed. */
class Workers {
	readonly queue = new Queue({clock: new FakeClock()})
	readonly working = new Set<string>()
	/** Added, and not handed out since. */
	readonly owed = new Set<string>()

	take(): void {
		void this.queue.get().then((taken) => {
			if (taken === undefined) return
			expect(this.working.has(taken)).toBe(false)
			this.working.add(taken)
			this.owed.delete(taken)
		})
	}

	add(added: string, priority: "change" | "resync"): void {
		this.owed.add(added)
		this.queue.add(added, priority)
	}

	finish(done: string): void {
		if (this.working.delete(done)) this.queue.done(done)
	}

	run(one: typeof step extends fc.Arbitrary<infer T> ? T : never): void {
		if (one.do === "get") this.take()
		else if (one.do === "done") this.finish(one.key)
		else this.add(one.key, one.priority)
	}
}

test("whatever happens, no key is worked on twice at once, and every add is followed by a hand-out", async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(step, {maxLength: 60}), async (steps) => {
			const workers = new Workers()
			for (const one of steps) {
				workers.run(one)
				await Promise.resolve()
				await Promise.resolve()
			}
			for (let i = 0; i < 10; i++) {
				for (const done of [...workers.working]) workers.finish(done)
				workers.take()
				await settle()
			}
			expect([...workers.owed]).toEqual([])
		}),
		{numRuns: 200},
	)
})
