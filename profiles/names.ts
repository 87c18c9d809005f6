const shown = 5

/** Names for a sentence, shortened where there are many. */
export function listed(names: readonly string[]): string {
	const more = names.length > shown ? ` and ${names.length - shown} more` : ""
	return `${names.slice(0, shown).join(", ")}${more}`
}

/** A number with its noun: `1 workload`, `2 workloads`. */
export function plural(count: number, one: string, many = `${one}s`): string {
	return `${count} ${count === 1 ? one : many}`
}
