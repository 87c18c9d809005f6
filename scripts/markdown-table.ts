/** A table of Markdown; a bar within a cell does not end it. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
	const line = (cells: readonly string[]) =>
		`| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`
	return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n")
}
