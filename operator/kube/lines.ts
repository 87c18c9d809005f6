/** No object of the API is larger; a line that is, is noise that would fill the memory. */
const longestLine = 16 * 1024 * 1024

/**
 * Splits bytes into JSON documents, one per line. Bytes and not text: a character may be split between two chunks.
 * Throws on a line that is no JSON, the last one without its end among them.
 */
export async function* jsonLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<unknown> {
	let parts: Buffer[] = []
	let length = 0
	for await (const chunk of chunks) {
		let start = 0
		for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, start)) {
			const line = Buffer.concat([...parts, chunk.subarray(start, end)]).toString("utf8")
			parts = []
			length = 0
			start = end + 1
			if (line.trim() !== "") yield JSON.parse(line)
		}
		parts.push(chunk.subarray(start))
		length += chunk.length - start
		if (length > longestLine) throw new SyntaxError(`a line of more than ${longestLine} bytes`)
	}
	if (length > 0) throw new SyntaxError("the stream ended within a line")
}
