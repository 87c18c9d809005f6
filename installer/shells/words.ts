import {allOf, type Flag, type Grammar} from "./grammar.ts"

/** How a flag may be written. */
export const spellings = ({long, short}: Flag): readonly string[] =>
	short === undefined ? [long] : [short, long]

/** Every spelling of the flags that take a value, of whichever command: none is spelt like one that takes none. */
export function valueFlags(root: Grammar, which: (flag: Flag) => boolean = () => true): readonly string[] {
	const flags = allOf(root).flatMap((one) => one.flags)
	const wanted = flags.filter((flag) => flag.value !== undefined && which(flag))
	return [...new Set(wanted.flatMap(spellings))]
}

/** In single quotes, for shells in which only these end them. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`
