import {invalidInput} from "../abort.ts"

/** A value of a file, and where it starts: `line` from 1, or `at` as a path within a JSON document. */
export type Found = {
	readonly value: unknown
	readonly file: string
	readonly line?: number
	readonly at?: string
	/** Where the elements of the value's `items` start. */
	readonly itemLines?: readonly number[]
}

/** Where a value stands, for people: `file:line`, or `file items[3]`. */
export function placeOf({file, line, at}: Found): string {
	if (line !== undefined) return `${file}:${line}`
	return at === undefined || at === "" ? file : `${file} ${at}`
}

/** Text that does not parse; `message` without a position of its own. */
export function malformed(
	place: {file: string; line: number; column: number},
	message: string,
	format: "YAML" | "JSON",
) {
	return invalidInput(`${place.file}:${place.line}:${place.column}: malformed ${format}: ${message}`, {
		tryMessage:
			format === "YAML"
				? "Correct the line; `kubectl apply --dry-run=client -f` on the file shows the same."
				: "Correct the file, or dump it again with kubectl get -o json.",
	})
}
