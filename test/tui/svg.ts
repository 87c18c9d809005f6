import type xterm from "@xterm/headless"

type Model = InstanceType<typeof xterm.Terminal>

const cell = {width: 8.4, height: 18} as const
const margin = 12

/** As a terminal of a light and of a dark theme shows the colours that are used; the reader's browser chooses. */
const style = [
	"text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;fill:#24292f;white-space:pre}",
	"rect{fill:#fff;stroke:#d0d7de}.b{font-weight:700}.d{opacity:.6}",
	".c1{fill:#b3261e}.c2{fill:#1a7f37}.c3{fill:#8a5a00}.c6{fill:#0b6e8a}",
	"@media(prefers-color-scheme:dark){rect{fill:#0d1117;stroke:#30363d}text{fill:#e6edf3}",
	".c1{fill:#ff7b72}.c2{fill:#56d364}.c3{fill:#e3b341}.c6{fill:#56c8e1}}",
].join("")

/** What a terminal shows, as a picture: text that can be read, searched and copied. */
export function svgOf(model: Model, title: string): string {
	const width = Math.ceil(model.cols * cell.width + 2 * margin)
	const height = Math.ceil(model.rows * cell.height + 2 * margin)
	const lines = Array.from({length: model.rows}, (_, row) => lineOf(model, row)).filter((line) => line !== "")
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
		`<title>${escaped(title)}</title><style>${style}</style>`,
		`<rect x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="8"/>`,
		...lines,
		"</svg>",
		"",
	].join("\n")
}

/** A rule is as long as it is on the terminal, whatever a font makes of its strokes. */
const lengthOf = (text: string) =>
	/^─+$/.test(text)
		? ` textLength="${(text.length * cell.width).toFixed(1)}" lengthAdjust="spacingAndGlyphs"`
		: ""

type Run = {readonly column: number; readonly look: string; readonly text: string}

/** Runs of one look each stand where their column is: no font's widths can move them apart. */
function lineOf(model: Model, row: number): string {
	const runs = runsOf(model, row).filter(({text}) => text.trim() !== "")
	if (runs.length === 0) return ""
	const y = Math.round(margin + (row + 0.75) * cell.height)
	const spans = runs.map(({column, look, text}) => {
		const shown = text.trim()
		const x = (margin + (column + text.length - text.trimStart().length) * cell.width).toFixed(1)
		return `<tspan x="${x}"${look === "" ? "" : ` class="${look}"`}${lengthOf(shown)}>${escaped(shown)}</tspan>`
	})
	return `<text y="${y}">${spans.join("")}</text>`
}

function runsOf(model: Model, row: number): readonly Run[] {
	const {active} = model.buffer
	const line = active.getLine(active.baseY + row)
	const runs: Run[] = []
	for (let column = 0; column < model.cols; column++) {
		const found = line?.getCell(column)
		// The second half of a wide character.
		if (found === undefined || found.getWidth() === 0) continue
		const look = lookOf(found)
		const text = found.getChars() || " "
		const last = runs.at(-1)
		// Two blanks end a run: columns of a table stand on their own.
		if (last === undefined || last.look !== look || (text !== " " && last.text.endsWith("  ")))
			runs.push({column, look, text})
		else runs[runs.length - 1] = {...last, text: last.text + text}
	}
	return runs
}

const lookOf = (
	cell: ReturnType<NonNullable<ReturnType<Model["buffer"]["active"]["getLine"]>>["getCell"]>,
): string =>
	[
		...(cell?.isFgPalette() ? [`c${cell.getFgColor()}`] : []),
		...(cell?.isBold() ? ["b"] : []),
		...(cell?.isDim() ? ["d"] : []),
	].join(" ")

const escaped = (text: string) =>
	text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
