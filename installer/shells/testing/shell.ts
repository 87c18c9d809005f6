import {execFileSync} from "node:child_process"
import {spawn} from "@lydell/node-pty"
import {waitFor} from "../../../test/kit/wait.ts"

const patience = {timeoutMs: 45_000, everyMs: 25}

export type Ready = {
	/** A folder with the script, and with the files that a case completes. */
	readonly folder: string
	/** The program must be found on its PATH. */
	readonly env: Readonly<Record<string, string>>
}

export type Shell = "bash" | "zsh" | "fish"

/** Why a shell cannot be tried here; undefined when it can. */
export function missing(shell: Shell): string | undefined {
	try {
		execFileSync(shell, ["-c", "exit 0"], {stdio: "ignore"})
		return undefined
	} catch {
		return `no ${shell} on PATH`
	}
}

const started: Readonly<Record<"bash" | "zsh", readonly string[]>> = {
	bash: ["--norc", "--noprofile", "-i"],
	zsh: ["-f", "-i"],
}

/** Loads the script, and makes Ctrl-X e say what stands on the line. */
const prepared: Readonly<Record<"bash" | "zsh", (script: string) => string>> = {
	bash: (script) => `source ${script}; bind -x '"\\C-xe": printf "LINE<%s>\\n" "$READLINE_LINE"'`,
	zsh: (script) =>
		`autoload -Uz compinit; compinit -u -D; source ${script}; say() { zle -I; print -r -- "LINE<$BUFFER>" }; zle -N say; bindkey '^Xe' say`,
}

/** What a line becomes when a person presses Tab after it in the real shell, on a real terminal. */
export async function typed(shell: "bash" | "zsh", line: string, {folder, env}: Ready): Promise<string> {
	const terminal = spawn(shell, [...started[shell]], {
		name: "xterm",
		cols: 200,
		rows: 40,
		cwd: folder,
		env: {...env, PS1: "", PROMPT: "", HISTFILE: "/dev/null"},
	})
	let seen = ""
	terminal.onData((data) => {
		seen += data
	})
	const shows = async (what: RegExp): Promise<string> => {
		const found = await waitFor(
			`${shell} to show ${what}`,
			() => what.exec(seen) ?? seen,
			Array.isArray,
			patience,
		)
		return found[1] ?? ""
	}
	try {
		terminal.write(`${prepared[shell](`${folder}/heddle.${shell}`)}; echo READY$((40+2))\r`)
		await shows(/READY42/)
		seen = "" // the terminal echoed the preparation as well
		terminal.write(`${line}\t\u0018e`)
		return await shows(/LINE<(.*)>/)
	} finally {
		terminal.kill("SIGKILL")
	}
}

/** What fish would offer after a line: it tells without a terminal. */
export function offered(line: string, {folder, env}: Ready): readonly string[] {
	const script = 'source $argv[1]/heddle.fish; complete -C "$argv[2]"'
	const output = execFileSync("fish", ["--no-config", "-c", script, folder, line], {
		cwd: folder,
		env,
		encoding: "utf8",
	})
	return output.split("\n").map((one) => one.split("\t")[0] ?? "")
}
