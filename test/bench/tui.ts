import {type Result, result} from "./result.ts"
import {firstFrames} from "./tui-first-frame.ts"
import {keyToFrame} from "./tui-keys.ts"

type Options = {readonly rows: number; readonly pairs: number}

/**
 * From a key on the standard input to the first byte of the frame that it leads to, in this process, on a terminal of
 * 120 × 40; and from the start of the program to its first frame in a real pseudo-terminal.
 */
export async function tui({rows, pairs}: Options): Promise<Result[]> {
	process.env.NODE_ENV = "production"
	const many = await keyToFrame(rows)
	const few = await keyToFrame(10)
	const first = await firstFrames(pairs)
	return [
		result({bench: "tui", what: `key to frame p95, ${rows} rows`, unit: "ms", aim: 16}, [p95(many.ms)]),
		result({bench: "tui", what: "key to frame p95, 10 rows", unit: "ms"}, [p95(few.ms)]),
		result({bench: "tui", what: `key to frame, ${rows} rows`, unit: "ms"}, many.ms),
		result({bench: "tui", what: `CPU of a key and its frame p95, ${rows} rows`, unit: "ms"}, [
			p95(many.cpuMs),
		]),
		result({bench: "tui", what: `CPU of a key and its frame, ${rows} rows`, unit: "ms"}, many.cpuMs),
		result({bench: "tui", what: "CPU of a key and its frame, 10 rows", unit: "ms"}, few.cpuMs),
		result({bench: "tui", what: "bytes of a frame after a key", unit: "bytes"}, many.bytes),
		result({bench: "tui", what: "first frame / node -e 0", unit: "ratio"}, first.ratios),
		result({bench: "tui", what: "first frame", unit: "ms"}, first.frames),
	]
}

const p95 = (values: readonly number[]) =>
	[...values].sort((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1] ?? Number.NaN
