type Terminal = {write(text: string): unknown; readonly rows?: number}

/**
 * Draws a page where the last one was. What is higher than the terminal is cut, since lines that have scrolled away
 * cannot be drawn anew.
 */
export function livePage(terminal: Terminal): (text: string) => void {
	let shown: readonly string[] = []
	return (text) => {
		const lines = cut(text.split("\n"), (terminal.rows ?? 24) - 1)
		if (lines.join("\n") === shown.join("\n")) return
		const up = shown.length === 0 ? "" : `\u001b[${shown.length}A\r\u001b[0J`
		terminal.write(`${up}${lines.join("\n")}\n`)
		shown = lines
	}
}

const cut = (lines: readonly string[], most: number): readonly string[] =>
	lines.length <= most
		? lines
		: [
				...lines.slice(0, Math.max(0, most - 1)),
				`… ${lines.length - most + 1} more lines; name a namespace to see it alone`,
			]
