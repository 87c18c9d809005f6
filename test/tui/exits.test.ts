import {readFile} from "node:fs/promises"
import {expect, onTestFinished, test} from "vitest"
import {waitFor} from "../kit/wait.ts"
import {expectFrame, resized} from "./frames.ts"
import {restored} from "./restored.ts"
import {openTerminal, type RunningTerminal, type TerminalOptions} from "./terminal.ts"

/*
 * Every way out of the terminal UI leaves the terminal as it was: on the main screen with what stood there, its
 * cursor shown, lines edited and echoed by the terminal again, and no mode of ours left on.
 */

const nowhere = {HOME: "/nonexistent", XDG_STATE_HOME: "/nonexistent/state"}

async function open(options: TerminalOptions = {}): Promise<RunningTerminal> {
	const terminal = openTerminal({...options, env: {...nowhere, ...options.env}})
	onTestFinished(() => terminal.end())
	await terminal.shows("Which cluster?")
	expect(terminal.model.buffer.active.type).toBe("alternate")
	return terminal
}

test.each([
	["q", 0],
	["Ctrl-C", 130],
] as const)("%s leaves with %i", async (key, code) => {
	const terminal = await open()
	terminal.press(key)
	await restored(terminal, code)
})

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("%s restores the terminal", async (signal) => {
	const terminal = await open()
	await terminal.signal(signal)
	await restored(terminal, 130)
})

const fixture = (code: string) => ["--import", `data:text/javascript,${encodeURIComponent(code)}`]
const whenUp = (what: string) => fixture(`process.once("SIGCONT", () => { ${what} })`)

test.each([
	["an exception that nobody catches", 'setTimeout(() => { throw new Error("boom") })'],
	["a rejection that nobody catches", 'Promise.reject(new Error("boom"))'],
])("%s is told as a bug on the restored terminal", async (_name, what) => {
	const terminal = await open({nodeArgs: whenUp(what)})
	await terminal.signal("SIGCONT")
	await restored(terminal, 1)
	expect(terminal.history()).toContain("This is a bug in heddle: boom")
})

test("a hard exit in the middle restores the terminal too", async () => {
	const terminal = await open({nodeArgs: whenUp("process.exit(9)")})
	await terminal.signal("SIGCONT")
	await restored(terminal, 9)
})

test("--timeout ends it with 5", async () => {
	const terminal = openTerminal({args: ["--timeout", "3s"], env: nowhere})
	onTestFinished(() => terminal.end())
	await restored(terminal, 5)
})

test("a window that is closed ends it", async () => {
	const terminal = await open()
	const pid = await terminal.heddlePid()
	terminal.hangUp()
	await waitFor(
		"heddle to be gone",
		() => isRunning(pid),
		(running) => !running,
	)
	expect(isRunning(pid)).toBe(false)
})

test("a terminal that goes away without a signal ends it too", async () => {
	// In a session of its own no hang-up reaches it: all that it hears is that reading fails.
	const terminal = await open({through: ["setsid", "--wait"]})
	const pid = await terminal.heddlePid()
	const node = await waitFor(
		"Node below setsid",
		() => childOf(pid),
		(found) => found !== undefined,
	)
	terminal.hangUp()
	await waitFor(
		"heddle to be gone",
		() => isRunning(node ?? pid),
		(running) => !running,
	)
	expect(isRunning(node ?? pid)).toBe(false)
})

test("a screen that takes nothing for a while gets what is so in the end, and not all that was between", async () => {
	const terminal = await open()
	terminal.press("?")
	await terminal.shows("Everywhere")
	terminal.stall()
	const before = terminal.raw().length
	for (let key = 0; key < 200; key++) terminal.press(key % 2 === 0 ? "j" : "k")
	terminal.press("Escape")
	terminal.flow()
	await waitFor("the last frame", terminal.text, (seen) => seen.includes("Which cluster?"))
	expect(terminal.raw().length - before).toBeLessThan(200_000)
	terminal.press("q")
	await restored(terminal, 0)
})

function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0)
		return true
	} catch {
		return false
	}
}

/** The one child of a process; `setsid` itself where it did not have to make one. */
async function childOf(pid: number): Promise<number | undefined> {
	const children = (await readFile(`/proc/${pid}/task/${pid}/children`, "utf8")).trim().split(" ")[0] ?? ""
	if (children !== "") return Number(children)
	const name = await readFile(`/proc/${pid}/comm`, "utf8")
	return name.trim() === "setsid" ? undefined : pid
}

test.each([
	["NO_COLOR", {NO_COLOR: "1"}, "Which cluster?"],
	["a terminal that is dumb", {TERM: "dumb"}, "Exit codes:"],
])("with %s no colour is sent", async (_name, env: Record<string, string>, shown) => {
	const terminal = openTerminal({env: {...nowhere, ...env}, rows: 50})
	onTestFinished(() => terminal.end())
	await terminal.shows(shown)
	terminal.press("q")
	await terminal.ended()
	expect(terminal.raw()).not.toMatch(new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`))
})

test("in CI, where Ink would draw nothing, a person's terminal is a terminal", async () => {
	const terminal = await open({env: {CI: "true"}})
	terminal.press("q")
	await restored(terminal, 0)
})

test.each(["--no-input", "--help"])("with %s it prints help and draws nothing", async (flag) => {
	const terminal = openTerminal({args: [flag], env: nowhere})
	onTestFinished(() => terminal.end())
	const {code} = await terminal.ended()
	expect(code).toBe(0)
	expect(terminal.raw()).not.toContain("\u001b[?1049h")
})

test("a screen reader gets sentences, on the main screen and without spinners", async () => {
	const terminal = openTerminal({env: {...nowhere, INK_SCREEN_READER: "true"}})
	onTestFinished(() => terminal.end())
	await terminal.shows("heddle, Choose a cluster")
	expect(terminal.text()).not.toMatch(/[─┃⠋]/)
	expect(terminal.model.buffer.active.type).toBe("normal")
	terminal.press("q")
	const {code} = await terminal.ended()
	expect(code).toBe(0)
})

test("a frame always fits the terminal, however it is resized", async () => {
	const terminal = await open()
	for (const [columns, rows] of [
		[40, 12],
		[200, 50],
		[60, 15],
	] as const) {
		await resized(terminal, {columns, rows})
		expectFrame(terminal, "welcome")
		expect(terminal.lines().filter((line) => line.includes("Which cluster?"))).toHaveLength(1)
	}
	terminal.press("q")
	await restored(terminal, 0)
})
