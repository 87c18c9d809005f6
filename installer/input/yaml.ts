import type {DocumentOptions, ParseOptions, SchemaOptions} from "yaml"
import {isMap, isNode, isSeq, LineCounter, parseAllDocuments} from "yaml"
import {messageOf} from "../abort.ts"
import type {Chunk} from "./chunks.ts"
import {chunksOf} from "./chunks.ts"
import type {Found} from "./source.ts"
import {malformed} from "./source.ts"

type Options = ParseOptions & DocumentOptions & SchemaOptions

/**
 * kubectl reads YAML 1.1, where `on` is a boolean and `<<` merges, but neither its dates nor its base-60 numbers:
 * a time stays a string and a port pair stays `22:22`.
 */
const options: Options = {
	version: "1.1",
	prettyErrors: true,
	customTags: (tags) =>
		tags.filter(
			(tag) =>
				typeof tag === "string" ||
				!(tag.tag.endsWith(":timestamp") || ("format" in tag && tag.format === "TIME")),
		),
}

/** Every document of a text; empty ones are left out. @throws AbortError naming file, line and column */
export function parseYaml(text: string, file: string): Found[] {
	return chunksOf(text).flatMap((chunk) => parseChunk(chunk, file))
}

function parseChunk(chunk: Chunk, file: string): Found[] {
	const lines = new LineCounter()
	const documents = parseAllDocuments(chunk.text, {...options, lineCounter: lines})
	const lineOf = (offset: number) => lines.linePos(offset).line + chunk.line - 1
	return [...documents].flatMap((document) => {
		const [error] = document.errors
		if (error !== undefined) {
			const place = {file, line: lineOf(error.pos[0]), column: lines.linePos(error.pos[0]).col}
			throw malformed(place, sentence(error.message), "YAML")
		}
		const root = document.contents
		if (root === null) return []
		const line = lineOf(root.range[0])
		const value = plainValue(document, {file, line, column: 1})
		if (chunk.sequence && isSeq(root) && Array.isArray(value)) {
			const at = startsOf(root, lineOf)
			return value.map((item: unknown, i) => ({value: item, file, line: at[i] ?? line}))
		}
		return value === null
			? []
			: [{value, file, line, itemLines: startsOf(isMap(root) ? root.get("items", true) : undefined, lineOf)}]
	})
}

/** The aliases of a few lines can stand for more nodes than fit in memory; the library counts them and refuses. */
function plainValue(
	document: {toJS(options: {maxAliasCount: number}): unknown},
	place: {file: string; line: number; column: number},
): unknown {
	try {
		return document.toJS({maxAliasCount: 100})
	} catch (error) {
		throw malformed(place, messageOf(error), "YAML")
	}
}

function startsOf(node: unknown, lineOf: (offset: number) => number): number[] {
	if (!isSeq(node)) return []
	return node.items.map((item) => lineOf(isNode(item) ? (item.range?.[0] ?? 0) : 0))
}

/** The library's messages go on with their position and an excerpt of the text. */
function sentence(message: string): string {
	return message.split("\n", 1)[0]?.replace(/ at line \d+, column \d+:?$/, "") ?? message
}
