/**
 * The lines, from 1, at which the elements of a JSON document's list start: of the array that it is, or of its `items`.
 * The text has to be valid JSON; JSON.parse itself tells no positions.
 */
export function itemLinesOf(text: string): readonly number[] {
	const walk: Walk = {lines: [], line: 1, from: 0, depth: 0, key: "", list: 0, expecting: false, done: false}
	for (const {0: token, index} of text.matchAll(tokens)) {
		step(walk, token, () => linesUntil(walk, text, index))
		if (walk.done) break
	}
	return walk.lines
}

/** Strings whole, so that what stands inside of them is no bracket. */
const tokens = /"(?:[^"\\]|\\.)*"|[[\]{},]/g

type Walk = {
	readonly lines: number[]
	/** The line of the character at `from`. */
	line: number
	from: number
	depth: number
	/** The last string of the outermost object. */
	key: string
	/** The depth of the list's elements; 0 as long as it has not begun. */
	list: number
	/** An element of the list comes next. */
	expecting: boolean
	done: boolean
}

function step(walk: Walk, token: string, line: () => number): void {
	if (token === "[" || token === "{") open(walk, token, line)
	else if (token === "]" || token === "}") {
		walk.done = walk.depth === walk.list
		walk.depth -= 1
	} else if (token !== ",") {
		if (walk.depth === 1) walk.key = token
	} else if (walk.depth === walk.list) walk.expecting = true
}

function open(walk: Walk, token: string, line: () => number): void {
	if (walk.expecting && walk.depth === walk.list) walk.lines.push(line())
	walk.expecting = false
	const begins = token === "[" && (walk.depth === 0 || (walk.depth === 1 && walk.key === '"items"'))
	walk.depth += 1
	if (!begins || walk.list > 0) return
	walk.list = walk.depth
	walk.expecting = true
}

function linesUntil(walk: Walk, text: string, index: number): number {
	for (let at = text.indexOf("\n", walk.from); at >= 0 && at < index; at = text.indexOf("\n", at + 1))
		walk.line += 1
	walk.from = index
	return walk.line
}
