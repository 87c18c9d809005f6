import {mkdir, writeFile} from "node:fs/promises"
import {join} from "node:path"
import {expect} from "vitest"
import {bindingsOn, keyLabel} from "../../installer/tui/keys/map.ts"
import type {ScreenName} from "../../installer/tui/model/state.ts"
import {waitFor} from "../kit/wait.ts"
import {svgOf} from "./svg.ts"
import type {RunningTerminal} from "./terminal.ts"

const sizes = [
	{columns: 40, rows: 12},
	{columns: 80, rows: 24},
	{columns: 120, rows: 36},
] as const

/** For the pictures of the pages: wide enough for every column that people decide by. */
const picture = {columns: 104, rows: 26} as const

/** Where pictures are written to; nowhere in an ordinary run. */
const folder = process.env.HEDDLE_SCREENS

/**
 * Shows a screen at every width, as a person who drags the window's corner does, and looks at each frame. Where
 * HEDDLE_SCREENS names a folder, a picture of the screen goes there.
 */
export async function atEveryWidth(
	terminal: RunningTerminal,
	screen: ScreenName,
	name: string = screen,
): Promise<void> {
	const {cols, rows} = terminal.model
	for (const size of sizes) {
		await resized(terminal, size)
		expectFrame(terminal, screen)
	}
	if (folder !== undefined) await takePicture(terminal, name, folder)
	await resized(terminal, {columns: cols, rows})
}

async function takePicture(terminal: RunningTerminal, name: string, to: string): Promise<void> {
	await resized(terminal, picture)
	await mkdir(to, {recursive: true})
	await writeFile(join(to, `${name}.svg`), svgOf(terminal.model, `heddle: ${name}`))
}

type Size = {readonly columns: number; readonly rows: number}

/** Changes the size, and waits until the frame is of it and stands. */
export async function resized(terminal: RunningTerminal, {columns, rows}: Size): Promise<void> {
	terminal.resize(columns, rows)
	await waitFor(
		`a frame of ${columns}×${rows}`,
		terminal.lines,
		(lines) => lines.length === rows && isWhole(lines),
		{everyMs: 25},
	)
	// Ink draws the last of a burst of changes a moment later; only then is what is on the screen of one size.
	let before = ""
	await waitFor(
		`the frame of ${columns}×${rows} to stand`,
		() => {
			const now = still(terminal.text())
			const stands = now === before
			before = now
			return stands
		},
		(stands) => stands,
		{everyMs: 60},
	)
}

const isWhole = (lines: readonly string[]) =>
	lines[0]?.startsWith(" heddle") === true && lines.at(-1)?.startsWith(" $ heddle") === true

/** Spinners and times go on turning. */
const still = (text: string) => text.replace(/[\u2800-\u28ff]|\d+(\.\d+)?(ms|s|m|h)?\b/g, "")

/** What holds of every frame, whatever it shows. */
export function expectFrame(terminal: RunningTerminal, screen: ScreenName): void {
	const {model} = terminal
	const lines = terminal.lines()
	const shown = lines.join("\n")
	// A line that was too wide would go on in the next one, and one too many would scroll the first away.
	for (let row = 0; row < model.rows; row++)
		expect(model.buffer.active.getLine(model.buffer.active.baseY + row)?.isWrapped, shown).toBe(false)
	expect(isWhole(lines), shown).toBe(true)
	expect(
		lines.filter((line) => line.startsWith(" heddle ")),
		shown,
	).toHaveLength(1)
	expect(
		lines.filter((line) => line.startsWith(" $ heddle")),
		shown,
	).toHaveLength(1)
	expect(lines[0], shown).toContain("? help")
	expect(hasKeys(lines, screen), shown).toBe(true)
}

/** The first of the screen's own keys, or the answers to what is asked. */
function hasKeys(lines: readonly string[], screen: ScreenName): boolean {
	const foot = lines.slice(-3).join("\n")
	const [first] = bindingsOn(screen).filter((one) => one.foot === true)
	const {keys: [key = ""] = [], label = ""} = first ?? {}
	return foot.includes(`${keyLabel(key)} ${label}`) || /y yes {2}n no|Enter ok {2}Esc cancel/.test(foot)
}
