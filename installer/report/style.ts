/** What a piece of text means; never told by colour alone. */
export type Tone = "ok" | "warn" | "bad" | "accent" | "dim" | "strong"

export type Style = (tone: Tone | undefined, text: string) => string

const codes: Record<Tone, readonly [number, number]> = {
	ok: [32, 39],
	warn: [33, 39],
	bad: [31, 39],
	accent: [36, 39],
	dim: [2, 22],
	strong: [1, 22],
}

export const plain: Style = (_tone, text) => text

export const coloured: Style = (tone, text) => {
	if (tone === undefined || text === "") return text
	const [on, off] = codes[tone]
	return `\u001b[${on}m${text}\u001b[${off}m`
}

type ColourQuestion = {
	/** False when the person said `--no-color`. */
	readonly flag: boolean
	readonly env: Readonly<Record<string, string | undefined>>
	readonly isTTY: boolean
}

/** The one place that decides on colour: the flag, then NO_COLOR, then FORCE_COLOR, then the terminal. */
export function styleFor({flag, env, isTTY}: ColourQuestion): Style {
	if (!flag || (env.NO_COLOR ?? "") !== "") return plain
	const forced = env.FORCE_COLOR
	if (forced !== undefined) return forced === "0" || forced === "false" ? plain : coloured
	return isTTY && env.TERM !== "dumb" ? coloured : plain
}
