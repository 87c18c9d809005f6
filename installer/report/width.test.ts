import {expect, test} from "vitest"
import {cpuText, memoryText} from "./figures.ts"
import {duration, stepLine} from "./progress-line.ts"
import {plain, styleFor} from "./style.ts"
import {columnsOf, widthOf, wrap} from "./width.ts"

test.each([
	["cart", 4],
	["→ ✓ ‼", 5],
	["織機", 4],
	["e\u0301", 1],
	["👩‍💻", 2],
])("%s takes %i columns", (text, width) => {
	expect(widthOf(text)).toBe(width)
})

test("a long word is never cut", () => {
	expect(wrap("see https://example.com/a/very/long/path now", 12)).toEqual([
		"see",
		"https://example.com/a/very/long/path",
		"now",
	])
})

test.each([
	[{isTTY: true, columns: 200}, {}, 140],
	[{isTTY: true, columns: 20}, {}, 40],
	[{isTTY: false}, {}, 80],
	[{isTTY: false}, {COLUMNS: "120"}, 120],
	[{isTTY: false}, {COLUMNS: "wide"}, 80],
])("the page of %o with %o has %i columns", (stream, env, columns) => {
	expect(columnsOf(stream, env)).toBe(columns)
})

test.each([
	[{flag: true, env: {}, isTTY: true}, true],
	[{flag: true, env: {}, isTTY: false}, false],
	[{flag: true, env: {TERM: "dumb"}, isTTY: true}, false],
	[{flag: true, env: {NO_COLOR: "1"}, isTTY: true}, false],
	[{flag: true, env: {NO_COLOR: ""}, isTTY: true}, true],
	[{flag: true, env: {FORCE_COLOR: "1"}, isTTY: false}, true],
	[{flag: true, env: {FORCE_COLOR: "0"}, isTTY: true}, false],
	[{flag: false, env: {FORCE_COLOR: "1"}, isTTY: true}, false],
])("%o is in colour: %s", (question, coloured) => {
	expect(styleFor(question) !== plain).toBe(coloured)
})

test.each([
	[{low: 0, likely: 0, high: 0}, "0", "0"],
	[{low: 100, likely: 100, high: 100}, "100m", "100 MiB"],
	[{low: 500, likely: 1200, high: 2048}, "1.2 (0.5–2.05) cores", "1.17 (0.488–2) GiB"],
	[{low: -512, likely: -480, high: -322}, "−480 (−512–−322)m", "−480 (−512–−322) MiB"],
])("%o reads as %s and %s", (figure, cpu, memory) => {
	expect([cpuText(figure), memoryText(figure)]).toEqual([cpu, memory])
})

test.each([
	[900, "1s"],
	[59_400, "59s"],
	[185_000, "3m 05s"],
	[3_720_000, "1h 02m"],
])("%i ms reads as %s", (ms, text) => {
	expect(duration(ms)).toBe(text)
})

const page = {columns: 40, style: plain}
const event = {type: "step", id: "a", title: "Build etcd"} as const

test("the clock shows after two seconds, and the estimate when there is one", () => {
	expect(stepLine({...event, state: "progress", elapsedMs: 1900, estimateMs: 60_000}, page)).toBe(
		"· Build etcd",
	)
	expect(stepLine({...event, state: "progress", elapsedMs: 5000, estimateMs: 60_000}, page)).toBe(
		"· Build etcd  5s of about 1m 00s",
	)
	expect(stepLine({...event, state: "done", elapsedMs: 5000, estimateMs: 60_000}, page)).toBe(
		"✓ Build etcd  5s",
	)
})

test("a live line never wraps", () => {
	const line = stepLine({...event, state: "progress", note: "x".repeat(100)}, page, "⠋")
	expect(widthOf(line)).toBeLessThan(40)
})
