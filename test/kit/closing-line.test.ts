import {spawnSync} from "node:child_process"
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from "node:fs"
import {tmpdir} from "node:os"
import {join, resolve} from "node:path"
import {expect, onTestFinished, test} from "vitest"

const cases: readonly {name: string; source: string; code: number; ends: string[]}[] = [
	{
		name: "tests that pass",
		source: "test('a', () => {}); test('b', () => {})",
		code: 0,
		ends: ["2 passed, 0 failed, 0 skipped"],
	},
	{
		name: "a skip shows its reason",
		source: "test('a', () => {}); test('b', ({skip}) => skip('no pulumi on PATH'))",
		code: 0,
		ends: ["skipped: b (no pulumi on PATH)", "1 passed, 0 failed, 1 skipped"],
	},
	{
		name: "a failure",
		source: "test('a', () => { throw new Error('no') }); test('b', () => {})",
		code: 1,
		ends: ["1 passed, 1 failed, 0 skipped"],
	},
	{
		name: "a file that does not load",
		source: "throw new Error('no')",
		code: 1,
		ends: ["0 passed, 1 failed, 0 skipped"],
	},
	{name: "no test at all", source: "", code: 1, ends: ["0 passed, 1 failed, 0 skipped"]},
	{
		name: "a stray rejection",
		source:
			"test('a', async () => { Promise.reject(new Error('no')); await new Promise((go) => setTimeout(go, 50)) })",
		code: 1,
		ends: ["1 passed, 1 failed, 0 skipped"],
	},
	{
		name: "a hook that fails after its tests",
		source: "describe('d', () => { afterAll(() => { throw new Error('no') }); test('a', () => {}) })",
		code: 1,
		ends: ["1 passed, 1 failed, 0 skipped"],
	},
	{
		name: "a world that cannot be set up",
		source: "test('a', () => {})",
		code: 1,
		ends: ["0 passed, 1 failed, 0 skipped"],
	},
]

test.for(cases)("$name", {timeout: 60_000}, ({name, source, code, ends}) => {
	const folder = mkdtempSync(join(tmpdir(), "closing-line-"))
	onTestFinished(() => rmSync(folder, {recursive: true, force: true}))
	const setup = name.includes("world") ? "globalSetup: './setup.mjs'," : ""
	writeFileSync(join(folder, "setup.mjs"), "export default () => { throw new Error('no') }")
	writeFileSync(join(folder, "a.test.mjs"), source)
	mkdirSync(join(folder, "node_modules"))
	writeFileSync(
		join(folder, "vitest.config.ts"),
		`import {ClosingLine} from ${JSON.stringify(resolve(import.meta.dirname, "closing-line.ts"))}
		export default {test: {globals: true, include: ["a.test.mjs"], reporters: [new ClosingLine()], ${setup}}}`,
	)
	const vitest = resolve(import.meta.dirname, "../../node_modules/vitest/vitest.mjs")
	const run = spawnSync(process.execPath, [vitest, "run", "--root", folder], {encoding: "utf8"})
	expect(run.stdout.trimEnd().split("\n").slice(-ends.length), run.stderr).toEqual(ends)
	expect(run.status).toBe(code)
})
