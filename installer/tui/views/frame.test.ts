import {renderToString} from "ink"
import {createElement} from "react"
import {describe, expect, test} from "vitest"
import {coloured, plain} from "../../report/style.ts"
import {widthOf} from "../../report/width.ts"
import {Screen} from "../app.ts"
import {everyScreen} from "../testing/states.ts"
import {frameOf, type Size} from "./frame.ts"

// The board tells times as they are where the person is.
process.env.TZ = "UTC"

const sizes: readonly Size[] = [
	{columns: 40, rows: 14},
	{columns: 80, rows: 24},
	{columns: 120, rows: 36},
]
const names = Object.keys(everyScreen) as (keyof typeof everyScreen)[]
const escapes = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, "g")

describe.each(sizes)("at $columns columns and $rows rows", (size) => {
	test.each(names)("the screen %s is drawn by Ink as it was laid out", async (name) => {
		const {lines} = frameOf(everyScreen[name](), size, {style: plain, frame: 0})
		const drawn = renderToString(createElement(Screen, {lines, rows: size.rows}), {columns: size.columns})
		expect(drawn.split("\n")).toEqual(lines.map((line) => line.trimEnd()))
		await expect(`${drawn}\n`).toMatchFileSnapshot(`../goldens/${name}-${size.columns}.golden`)
	})
})

test.each([
	[40, 12],
	[55, 13],
	[79, 17],
	[80, 18],
	[133, 50],
	[200, 60],
])("at %i columns and %i rows every screen fills the terminal and no line is wider", (columns, rows) => {
	for (const name of names) {
		const {lines, extent} = frameOf(everyScreen[name](), {columns, rows}, {style: plain, frame: 3})
		expect(lines, name).toHaveLength(rows)
		expect(Math.max(...lines.map(widthOf)), name).toBeLessThanOrEqual(columns)
		expect(extent.room, name).toBeGreaterThan(0)
	}
})

test.each(names)("colour adds nothing to the screen %s that its words and signs do not say", (name) => {
	const size = {columns: 100, rows: 30}
	const bare = frameOf(everyScreen[name](), size, {style: coloured, frame: 0}).lines
	const same = frameOf(everyScreen[name](), size, {style: plain, frame: 0}).lines
	expect(bare.map((line) => line.replace(escapes, ""))).toEqual(same)
})

test("an escape sequence in what the cluster says does not reach the terminal", () => {
	const home = everyScreen.namespaces()
	const evil = home.table.view.map((row) => ({
		...row,
		why: "before \u001b[2J\u202eafter",
		now: "\u001b]0;x\u0007",
	}))
	const {lines} = frameOf(
		{...home, table: {...home.table, view: evil}},
		{columns: 120, rows: 30},
		{style: plain, frame: 0},
	)
	for (const control of ["\u001b", "\u0007", "\u202e"]) expect(lines.join("\n")).not.toContain(control)
})
