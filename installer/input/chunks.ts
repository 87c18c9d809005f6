/** A part of a file that parses on its own, and the line of the file that it starts at, from 1. */
export type Chunk = {
	readonly text: string
	readonly line: number
	/** Every element of the top-level sequence is an object, rather than the whole. */
	readonly sequence: boolean
}

/**
 * A YAML parser's tree takes some fifty times the memory of its text, so a dump of a large cluster is taken apart
 * first: at the document marks, and a `List` at its items, as kubectl prints them. What could refer across the cuts
 * (directives, anchors) is left whole.
 */
export function chunksOf(text: string): Chunk[] {
	if (/^%/m.test(text)) return [{text, line: 1, sequence: false}]
	return split(text, 1, /^---(?=\s)|^---$/gm).flatMap(({text: part, line}) => itemChunks(part, line))
}

function itemChunks(text: string, line: number): Chunk[] {
	const whole = {text, line, sequence: false}
	const items = /^items:[ \t]*\r?\n(?=- )/m.exec(text)
	if (items === null || /(?:^|[\s[{,])[&*][^\s]/.test(text)) return [whole]
	const start = items.index + items[0].length
	const after = /^[^\s#-]/m.exec(text.slice(start))
	const end = after === null ? text.length : start + after.index
	const head = text.slice(0, items.index)
	const tail = text.slice(end)
	if (!/^kind: List\s*$/m.test(head + tail)) return [whole]
	return [
		{text: `${head}items: []\n${tail}`, line, sequence: false},
		...grouped(split(text.slice(start, end), line + linesIn(text.slice(0, start)), /^- /gm)),
	]
}

/** Items are parsed some at a time: one by one costs a parser each. */
function grouped(parts: readonly {text: string; line: number}[]): Chunk[] {
	const chunks: {text: string; line: number; sequence: true}[] = []
	for (const part of parts) {
		const last = chunks.at(-1)
		if (last !== undefined && last.text.length + part.text.length < 65_536) last.text += part.text
		else chunks.push({...part, sequence: true})
	}
	return chunks
}

/** Cuts before every match; what comes before the first match is a part too unless it is empty. */
function split(text: string, line: number, mark: RegExp): {text: string; line: number}[] {
	const cuts = [...text.matchAll(mark)].map(({index}) => index)
	if (cuts[0] !== 0) cuts.unshift(0)
	let at = line
	return cuts.map((from, i) => {
		const part = {text: text.slice(from, cuts[i + 1]), line: at}
		at += linesIn(part.text)
		return part
	})
}

function linesIn(text: string): number {
	let count = 0
	for (let i = text.indexOf("\n"); i >= 0; i = text.indexOf("\n", i + 1)) count++
	return count
}
