const wide =
	/[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u
const combining = /^\p{Mark}|\u200d|\ufe0f/u
/** Made when first needed: it loads tables that plain help and plain names do without. */
let segmenter: Intl.Segmenter | undefined
/** ASCII, and the marks and lines that our own words are full of: each takes one column, and most text is nothing else. */
const narrow = /^[ -~·–—…→←↑↓↻↺−─│┃┿╂━■□▸●○◇◷✓✕‼±»▏▁-█⠀-⣿]*$/

/** Columns that a text takes on a terminal. */
export function widthOf(text: string): number {
	if (narrow.test(text)) return text.length
	segmenter ??= new Intl.Segmenter(undefined, {granularity: "grapheme"})
	let width = 0
	for (const {segment} of segmenter.segment(text))
		width += wide.test(segment) ? 2 : combining.test(segment) ? 0 : 1
	return width
}

export function pad(text: string, width: number): string {
	return text + " ".repeat(Math.max(0, width - widthOf(text)))
}

/**
 * Makes text of others safe to print: one line, without control characters, since an escape sequence in an object's
 * message would reach the terminal.
 */
export function clean(text: string): string {
	return text.replace(/\s+/g, " ").replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, "\ufffd")
}

/** Breaks at spaces; a word that is too long stands on a line of its own and is never cut. At least one line. */
export function wrap(text: string, width: number): string[] {
	const lines: string[] = []
	let line = ""
	for (const word of text.split(" ")) {
		const joined = line === "" ? word : `${line} ${word}`
		if (line !== "" && widthOf(joined) > width) {
			lines.push(line)
			line = word
		} else line = joined
	}
	lines.push(line)
	return lines
}

/** The one place that decides on width: a terminal's own, within what stays readable, 80 elsewhere. */
export function columnsOf(
	stream: {readonly isTTY?: boolean; readonly columns?: number},
	env: Readonly<Record<string, string | undefined>>,
): number {
	const told = stream.isTTY === true ? stream.columns : Number.parseInt(env.COLUMNS ?? "", 10)
	return told !== undefined && told > 0 ? Math.min(Math.max(told, 40), 140) : 80
}
