import {features} from "../../profiles/features.ts"
import {dataplanes} from "../../profiles/registry.ts"
import {invalidInput} from "../abort.ts"
import type {ExitCode} from "../exit.ts"
import {exit} from "../exit.ts"
import type {Flags} from "../flags.ts"
import {capabilitiesOf} from "../report/capabilities-document.ts"
import {detailText, matrixText} from "../report/capabilities-text.ts"
import {printDocument} from "../report/document.ts"
import type {Session} from "../session.ts"

/** What each dataplane carries: the data that every plan goes by. */
export async function capabilities(
	session: Session,
	_flags: Flags,
	name: string | undefined,
): Promise<ExitCode> {
	const document = chosen(name)
	await printDocument(session, document, {
		text: () =>
			name === undefined ? matrixText(document, session.page) : detailText(document, session.page),
		markdown: async () => (await import("../report/capabilities-markdown.ts")).capabilitiesMarkdown(document),
	})
	return exit.done
}

function chosen(name: string | undefined) {
	if (name === undefined) return capabilitiesOf(dataplanes)
	const same = (one: string) => one.toLowerCase() === name.toLowerCase()
	const dataplane = dataplanes.find((one) => same(one.name))
	if (dataplane !== undefined) return capabilitiesOf([dataplane])
	const feature = features.find(same)
	if (feature !== undefined) return capabilitiesOf(dataplanes, [feature])
	throw invalidInput(`${name} is neither a dataplane nor a feature`, {
		tryMessage: `The dataplanes are ${dataplanes.map((one) => one.name).join(", ")}; heddle capabilities lists the features.`,
	})
}
