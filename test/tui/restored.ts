import {expect} from "vitest"
import type {RunningTerminal} from "./terminal.ts"

/** The program ended, and left the terminal as it found it. */
export async function restored(terminal: RunningTerminal, wanted: number): Promise<void> {
	const {code, modes} = await terminal.ended()
	expect(code).toBe(wanted)
	expect(terminal.model.buffer.active.type).toBe("normal")
	expect(terminal.history()).toContain("before ")
	expect(terminal.history()).not.toContain("? help")
	expect(modes).toMatch(/(^|\s)icanon/)
	expect(modes).toMatch(/(^|\s)echo(\s|;)/)
	expect(modes).toMatch(/(^|\s)isig/)
	const raw = terminal.raw()
	expect(raw.lastIndexOf("\u001b[?25h")).toBeGreaterThan(raw.lastIndexOf("\u001b[?25l"))
	expect(raw).not.toContain("\u001b[3J")
	expect(terminal.model.modes).toMatchObject({bracketedPasteMode: false, mouseTrackingMode: "none"})
}
