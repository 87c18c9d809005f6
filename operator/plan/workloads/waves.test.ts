import {describe, expect, it} from "vitest"
import type {Decision} from "./decide.ts"
import {inWaves} from "./waves.ts"

const decision = (name: string, action: Decision["action"] = "Roll"): Decision =>
	({workload: {ref: name, name}, action}) as Decision

/** `cart2` is in the second wave, `job` in none. */
const shown = (decisions: readonly Decision[], size: number, rank: Readonly<Record<string, number>> = {}) =>
	inWaves(decisions, {size, rank: new Map(Object.entries(rank))})
		.map(({decision: {workload}, wave = ""}) => `${workload.ref}${wave}`)
		.join(" ")

const abc = ["a", "b", "c"].map((name) => decision(name))

describe("waves", () => {
	it("go by the order given where nothing ranks", () => {
		expect(shown(abc, 1)).toBe("a1 b2 c3")
		expect(shown(abc, 2)).toBe("a1 b1 c2")
	})

	it("go by rank, and never hold two ranks", () => {
		expect(shown(abc, 5, {a: 2, b: 1, c: 0})).toBe("a3 b2 c1")
		expect(shown(abc, 2, {a: 1, b: 0, c: 1})).toBe("a2 b1 c2")
		expect(shown(abc, 1, {a: 1, b: 0, c: 1})).toBe("a2 b1 c3")
	})

	it("patch the templates of later runs after the last, and count nothing else", () => {
		expect(shown([decision("report", "Template"), ...abc, decision("pod", "Manual")], 3)).toBe(
			"report2 a1 b1 c1 pod",
		)
	})
})
