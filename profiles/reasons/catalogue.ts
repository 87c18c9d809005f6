import type {Reason, Severity} from "../reason.ts"

/** What a code means, for the documentation and for `explain`. */
export type CatalogueEntry = {
	readonly severity: Severity
	/** One paragraph: what was found, and what would happen. */
	readonly doc: string
	/** What a person typically does about it. */
	readonly fix: string
}

type About = {readonly message: string; readonly object?: string; readonly fix?: string}

/**
 * The only way to make a reason: its severity is that of the catalogue, and a code that the catalogue does not
 * know is no code. `fix` is the catalogue's unless a more exact one is given; info needs none.
 */
export function reasonsOf<Code extends string>(catalogue: Readonly<Record<Code, CatalogueEntry>>) {
	return (code: Code, {message, object, fix}: About): Reason => {
		const entry = catalogue[code]
		return {
			code,
			severity: entry.severity,
			...(object === undefined ? {} : {object}),
			message,
			fix: fix ?? entry.fix,
		}
	}
}
