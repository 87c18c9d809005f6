import type {Output, Session} from "../session.ts"

/** Prints one document in the format that was asked for: the only thing on standard output. */
export async function printDocument(session: Session, document: object, text: () => string): Promise<void> {
	session.print(await formatted(session.output, document, text))
}

async function formatted(output: Output, document: object, text: () => string): Promise<string> {
	if (output === "json") return JSON.stringify(document, null, 2)
	if (output === "text") return text()
	const {stringify} = await import("yaml")
	// Anchors would make a reader resolve what we never meant to be one object. kubectl reads YAML 1.1, so `on` is quoted.
	return stringify(document, {aliasDuplicateObjects: false, lineWidth: 0, version: "1.1"}).trimEnd()
}
