import type {NamespacePlan} from "../../plan/types.ts"

/** Policies that say nothing. */
export const idlePolicies: ReadonlySet<string> = new Set(["PolicySelectsNothing", "PoliciesContradict"])

/** Codes of an acceptance that accept nothing. */
export const idleAcceptance: ReadonlySet<string> = new Set(["UnknownAcceptCode", "BlockNotAcceptable"])

const most = 3

/** What stands in nobody's way, and is most likely not what was meant: it is told where it belongs, with its fix. */
export function noted(
	said: string,
	{reasons}: Pick<NamespacePlan, "reasons">,
	codes: ReadonlySet<string>,
): string {
	const found = reasons.filter(({code}) => codes.has(code))
	const notes = found
		.slice(0, most)
		.map(({code, object, message, fix}) =>
			[`${code}: ${object === undefined ? "" : `${object}: `}${message}`, fix].filter(Boolean).join(" "),
		)
	const more = found.length > most ? [`${found.length - most} more stand in status.fit.`] : []
	return [said, ...notes, ...more].join("; ")
}
