import {describe, expect, it} from "vitest"
import {covers} from "./covers.ts"

describe("what is wanted stands there", () => {
	it.each([
		["with defaults beside it", {a: 1, b: {c: 2, d: 3}}, {b: {c: 2}}, true],
		["not with another value", {a: 1}, {a: 2}, false],
		["not where it is missing", {}, {a: 1}, false],
		["not in nothing", undefined, {a: 1}, false],
		["in a list of the same length", {a: [{b: 1, c: 2}]}, {a: [{b: 1}]}, true],
		["not in a longer list", {a: [1, 2]}, {a: [1]}, false],
		["not where a list is an object", {a: {0: 1}}, {a: [1]}, false],
	])("%s", (_, object, wanted, expected) => {
		expect(covers(object, wanted)).toBe(expected)
	})
})
