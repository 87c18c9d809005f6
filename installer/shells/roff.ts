import {exitHelp} from "../exit.ts"
import {allOf, type Flag, type Grammar} from "./grammar.ts"

const environment: Readonly<Record<string, string>> = {
	KUBECONFIG: "the kubeconfig files to use, unless --kubeconfig names one",
	NO_COLOR: "no colour, when it is not empty",
	XDG_CACHE_HOME: "where binaries and compiled code are kept, below heddle; ~/.cache when unset",
	XDG_STATE_HOME: "where sandboxes live, below heddle; ~/.local/state when unset",
}

/** The manual page, heddle(1). */
export function manualPage(root: Grammar, version: string): string {
	const [, ...commands] = allOf(root).filter((one) => one.commands.length === 0 || one === root)
	const variables = allOf(root)
		.flatMap(({flags}) => flags)
		.flatMap(({env, long}) => (env === undefined ? [] : [[env, `the value of ${long}`] as const]))
	const known = {...environment, ...Object.fromEntries(variables)}
	const codes = exitHelp.split("\n").flatMap((line) => {
		const [, code, means] = /^ +(\d+) +(.+)$/.exec(line) ?? []
		return code === undefined ? [] : entry(bold(code), means ?? "")
	})
	return [
		`.TH HEDDLE 1 "" "heddle ${plain(version)}" "User Commands"`,
		...section(
			"NAME",
			"heddle \\- decide which dataplane carries the traffic of a namespace, and move it there",
		),
		...section("SYNOPSIS", `${bold("heddle")} [command] [flags]`),
		...section("DESCRIPTION", text(root.description)),
		text("Without a command, on a terminal, it opens the terminal UI; elsewhere it prints its help."),
		...section("FLAGS OF EVERY COMMAND"),
		...root.flags.flatMap(flagEntry),
		...section("COMMANDS"),
		...commands.flatMap(commandLines),
		...section("EXIT STATUS"),
		...codes,
		...section("ENVIRONMENT"),
		...Object.entries(known).flatMap(([name, means]) => entry(bold(name), means)),
		...section("SEE ALSO", `${bold("kubectl")}(1)`),
		"",
	].join("\n")
}

function commandLines({path, description, places, flags}: Grammar): string[] {
	const usage = ["heddle", ...path, ...places.map((place) => place.usage)].join(" ")
	const described = places.filter((place) => place.description !== "")
	return [
		`.SS "${plain(usage)}"`,
		text(`${sentence(description)}.`),
		...described.flatMap((place) => entry(italic(place.usage), place.description)),
		...flags.flatMap(flagEntry),
	]
}

const sentence = (description: string): string =>
	`${description.charAt(0).toUpperCase()}${description.slice(1)}`

function flagEntry({long, short, value, description, standard, fill}: Flag): string[] {
	const names = [short, long].flatMap((one) => (one === undefined ? [] : bold(one))).join(", ")
	const choices = fill.from === "choices" ? ` One of ${fill.choices.join(", ")}.` : ""
	const left = standard === undefined ? "" : ` Default: ${standard}.`
	return entry(
		value === undefined ? names : `${names} ${italic(value)}`,
		`${sentence(description)}.${choices}${left}`,
	)
}

const section = (name: string, ...lines: readonly string[]): string[] => [`.SH ${name}`, ...lines]
const entry = (tag: string, description: string): string[] => [".TP", tag, text(description)]
const bold = (words: string): string => `\\fB${plain(words)}\\fR`
const italic = (words: string): string => `\\fI${plain(words)}\\fR`

/** A line that starts with a dot or a quote would be a request. */
const text = (words: string): string => plain(words).replace(/^(?=[.'])/, "\\&")

/** A bare hyphen may become a dash, which nobody can paste into a shell; beyond ASCII roff takes code points. */
const plain = (words: string): string =>
	words
		.replaceAll("\\", "\\e")
		.replaceAll("-", "\\-")
		.replaceAll('"', "\\(dq")
		.replaceAll("'", "\\(aq")
		.replace(
			/[^ -~]/gu,
			(one) => `\\[u${(one.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}]`,
		)
