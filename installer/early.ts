import type {Output} from "./session.ts"
import {outputs} from "./session.ts"

/**
 * What has to be known before the arguments are understood, since an error in them is already to be printed in the
 * right format and colour. Takes the last value that makes sense.
 */
export function early(argv: readonly string[]): {output: Output; colour: boolean; input: boolean} {
	let output: Output = "text"
	const end = argv.indexOf("--")
	const own = end < 0 ? argv : argv.slice(0, end)
	for (const [i, argument] of own.entries()) {
		const value =
			argument === "--output" || argument === "-o"
				? own[i + 1]
				: /^(?:--output=|-o=?)(.+)$/.exec(argument)?.[1]
		output = outputs.find((one) => one === value) ?? output
	}
	return {output, colour: !own.includes("--no-color"), input: !own.includes("--no-input")}
}
