import {type Spread, spreadOf} from "./statistics.ts"

/** One line of the table. */
export type Result = {
	readonly bench: string
	readonly what: string
	readonly unit: "ratio" | "writes" | "µs" | "ms" | "s" | "MiB" | "bytes"
	readonly spread: Spread
	/** What we aim for; absent for what is measured for comparison only. */
	readonly aim?: number
	/** What a reader has to know to believe the number. */
	readonly note?: string
}

type Named = Pick<Result, "bench" | "what" | "unit" | "aim" | "note">

export function result(named: Named, values: readonly number[]): Result {
	return {...named, spread: spreadOf(values)}
}

const heads = ["bench", "what", "median", "range", "n", "aim", ""]

export function tableOf(results: readonly Result[]): string {
	const rows = [heads, ...results.map(rowOf)]
	const widths = heads.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)))
	const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "))
	const notes = results.flatMap(({what, note}) => (note ? [`  ${what}: ${note}`] : []))
	return [...lines.map((line) => line.trimEnd()), ...(notes.length > 0 ? ["", ...notes] : [])].join("\n")
}

function rowOf({bench, what, unit, spread: {n, median, least, most}, aim}: Result): string[] {
	const digits = unit === "ratio" || unit === "s" ? 2 : unit === "writes" ? 1 : 0
	const show = (value: number) => `${value.toFixed(digits)}${unit === "ratio" ? "" : ` ${unit}`}`
	const verdict = aim === undefined ? "" : median <= aim ? "met" : "missed"
	const range = n > 1 ? `${least.toFixed(digits)}–${most.toFixed(digits)}` : ""
	return [bench, what, show(median), range, String(n), aim === undefined ? "" : `≤ ${show(aim)}`, verdict]
}
