import type {Output, Session} from "../session.ts"
import type {Failure} from "./error.ts"

type Write = () => string | Promise<string>

/** How a document looks in the formats that are its own; JSON and YAML are every document's. */
export type Renderers = {readonly text: () => string} & Readonly<
	Partial<Record<Exclude<Output, "text" | "json" | "yaml">, Write>>
>

/** Prints one document in the format that was asked for: the only thing on standard output. */
export async function printDocument(
	session: Session,
	document: object,
	how: (() => string) | Renderers,
): Promise<void> {
	const renderers = typeof how === "function" ? {text: how} : how
	session.print(await formatted(session.output, document, renderers))
}

/** Also what went wrong is a document of the format that was asked for, so that whoever reads it has one to read. */
export async function printFailure(session: Session, failure: Failure): Promise<void> {
	await printDocument(session, failure, {
		text: () => "",
		sarif: async () => (await import("./sarif-failure.ts")).failureSarif(failure),
		junit: async () => (await import("./junit.ts")).failureJUnit(failure),
		markdown: () => `**${failure.code}**: ${failure.message}`,
	})
}

async function formatted(output: Output, document: object, renderers: Renderers): Promise<string> {
	if (output === "json") return JSON.stringify(document, null, 2)
	if (output !== "yaml") {
		const write = renderers[output]
		if (write === undefined) throw new TypeError(`a command that does not print ${output} was let through`)
		return await write()
	}
	const {stringify} = await import("yaml")
	// Anchors would make a reader resolve what we never meant to be one object. kubectl reads YAML 1.1, so `on` is quoted.
	return stringify(document, {aliasDuplicateObjects: false, lineWidth: 0, version: "1.1"}).trimEnd()
}
