import fc from "fast-check"
import {describe, expect, it} from "vitest"
import {layersOf} from "./layers.ts"

const into = (calls: readonly string[]): ReadonlyMap<string, readonly string[]> =>
	new Map(
		calls.map((call) => {
			const to = call.slice(-1)
			return [to, calls.filter((one) => one.endsWith(to)).map((one) => one.slice(0, 1))]
		}),
	)

const shown = (names: string, calls: readonly string[]) => {
	const {level, cycles} = layersOf([...names], into(calls))
	return {
		levels: [...names].map((name) => `${name}${level.get(name)}`).join(" "),
		cycles: cycles.map((one) => one.join("")),
	}
}

describe("layers of names that lead to each other", () => {
	it.each([
		["nothing leads anywhere", "abc", [], "a0 b0 c0", []],
		["a chain against the order of names", "abc", ["c>b", "b>a"], "a2 b1 c0", []],
		["the longest way counts", "abcd", ["a>d", "a>b", "b>c", "c>d"], "a0 b1 c2 d3", []],
		["a cycle is one layer", "abcd", ["a>b", "b>c", "c>b", "c>d"], "a0 b1 c1 d2", ["bc"]],
		["one that leads to itself", "ab", ["a>a", "a>b"], "a0 b1", ["a"]],
		["two cycles", "abcd", ["d>c", "c>d", "a>b", "b>a", "c>a"], "a1 b1 c0 d0", ["cd", "ab"]],
		["who is not among them is left out", "ab", ["x>a", "a>b"], "a0 b1", []],
	] as const)("%s", (...[, names, calls, levels, cycles]) => {
		expect(shown(names, calls)).toEqual({levels, cycles})
	})

	it("put every name after those that lead to it, unless they lead to each other", () => {
		const names = [..."abcdefgh"]
		const edge = fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names))
		fc.assert(
			fc.property(fc.array(edge, {maxLength: 20}), (edges) => {
				const {level, cycles} = layersOf(names, into(edges.map((one) => one.join(">"))))
				for (const [from, to] of edges) {
					const together = cycles.some((cycle) => cycle.includes(from) && cycle.includes(to))
					const [before, after] = [level.get(from) ?? -1, level.get(to) ?? -1]
					expect(together ? before === after : before < after).toBe(true)
				}
			}),
			{seed: 20260101, numRuns: 500},
		)
	})
})
