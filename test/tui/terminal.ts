import {spawn} from "@lydell/node-pty"
import xterm from "@xterm/headless"
import {entry, withoutColour} from "../kit/entry.ts"
import {waitFor} from "../kit/wait.ts"

export type TerminalOptions = {
	/** Of `heddle`. */
	readonly args?: readonly string[]
	readonly columns?: number
	readonly rows?: number
	readonly env?: Readonly<Record<string, string>>
	/** What Node itself gets, before the program. */
	readonly nodeArgs?: readonly string[]
	readonly cwd?: string
	/** What starts Node, such as `setsid`. */
	readonly through?: readonly string[]
	/** How long what is typed and what is drawn are each under way, as over ssh. */
	readonly delayMs?: number
}

/** A real pseudo-terminal in which a shell runs `heddle`, and a model of what a person would see on it. */
export type RunningTerminal = {
	/** Lines that are on the screen now, without trailing blanks. */
	lines(): readonly string[]
	/** The same as one text. */
	text(): string
	/** The screen with all that scrolled off it, as a person who scrolls back would see it. */
	history(): string
	/** Everything that was ever written, escapes and all. */
	raw(): string
	readonly model: InstanceType<typeof xterm.Terminal>
	press(...keys: readonly string[]): void
	resize(columns: number, rows: number): void
	/** Waits until the screen shows a text, or matches. */
	shows(what: string | RegExp): Promise<string>
	/** Signals `heddle` itself, not the shell around it. */
	signal(name: NodeJS.Signals): Promise<void>
	/** Stops reading what is drawn, and goes on: a person who pressed Ctrl-S, or a line that is choked. */
	stall(): void
	flow(): void
	/** Hangs up, as a closed window does. */
	hangUp(): void
	/** Waits until the shell has the terminal back. Returns the exit code of `heddle` and the modes of the terminal. */
	ended(): Promise<{readonly code: number; readonly modes: string}>
	heddlePid(): Promise<number>
	end(): void
}

const keys: Readonly<Record<string, string>> = {
	Enter: "\r",
	Escape: "\u001b",
	Up: "\u001b[A",
	Down: "\u001b[B",
	PageDown: "\u001b[6~",
	End: "\u001b[F",
	"Ctrl-C": "\u0003",
	"Ctrl-Z": "\u001a",
	Space: " ",
}

/**
 * The shell says before and after what it says, so that a test can see that the scrollback was kept; and what `stty`
 * finds, which is what a person would have to live with.
 */
const script = 'echo "before $$"; "$@"; code=$?; echo "after code=$code"; stty -a; echo "terminal is back"'

export function openTerminal(options: TerminalOptions = {}): RunningTerminal {
	const {
		args = [],
		columns = 100,
		rows = 30,
		env = {},
		nodeArgs = [],
		cwd,
		through = [],
		delayMs = 0,
	} = options
	const model = new xterm.Terminal({cols: columns, rows, allowProposedApi: true, scrollback: 1_000})
	const {CI, NO_COLOR, KUBECONFIG, INK_SCREEN_READER, ...inherited} = withoutColour(process.env)
	const pty = spawn("sh", ["-c", script, "sh", ...through, process.execPath, ...nodeArgs, entry, ...args], {
		name: env.TERM ?? "xterm-256color",
		cols: columns,
		rows,
		...(cwd === undefined ? {} : {cwd}),
		env: {...inherited, ...env},
	})
	let raw = ""
	const later = (work: () => void) => (delayMs === 0 ? work() : void setTimeout(work, delayMs))
	pty.onData((data) =>
		later(() => {
			raw += data
			model.write(data)
		}),
	)
	const screen = () => {
		const {active} = model.buffer
		return Array.from({length: model.rows}, (_, index) =>
			(active.getLine(active.baseY + index)?.translateToString(true) ?? "").trimEnd(),
		)
	}
	const text = () => screen().join("\n")
	const history = () =>
		Array.from(
			{length: model.buffer.normal.length},
			(_, index) => model.buffer.normal.getLine(index)?.translateToString(true) ?? "",
		).join("\n")
	const heddlePid = async () => {
		const {readFile} = await import("node:fs/promises")
		const children = async () =>
			(await readFile(`/proc/${pty.pid}/task/${pty.pid}/children`, "utf8")).trim().split(" ")[0] ?? ""
		return Number(await waitFor("heddle to run in the terminal", children, (pid) => pid !== ""))
	}
	return {
		model,
		lines: screen,
		text,
		history,
		raw: () => raw,
		press(...names) {
			for (const name of names) later(() => pty.write(keys[name] ?? name))
		},
		resize(cols, lines) {
			model.resize(cols, lines)
			pty.resize(cols, lines)
		},
		shows: (what) =>
			waitFor(
				`the screen to show ${what}`,
				text,
				(seen) => (typeof what === "string" ? seen.includes(what) : what.test(seen)),
				{timeoutMs: 45_000, everyMs: 30},
			),
		async signal(name) {
			process.kill(await heddlePid(), name)
		},
		stall: () => pty.pause(),
		flow: () => pty.resume(),
		hangUp: () => pty.kill("SIGHUP"),
		async ended() {
			await waitFor(
				"the shell to have the terminal back",
				() => raw,
				(seen) => seen.includes("terminal is back"),
			)
			// The model is fed in turns of its own.
			await new Promise<void>((done) => model.write("", done))
			const [, code = "-1", modes = ""] = /after code=(\d+)([\s\S]*)terminal is back/.exec(raw) ?? []
			return {code: Number(code), modes}
		},
		heddlePid,
		end: () => pty.kill("SIGKILL"),
	}
}
