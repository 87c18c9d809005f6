const units: Readonly<Record<string, number>> = {h: 3_600_000, m: 60_000, s: 1000, ms: 1, us: 1e-3, ns: 1e-6}

/** Milliseconds of a duration as Go writes it, such as `1m30s`, `0.5s` or `250ms`; undefined for anything else. */
export function millisOf(text: string): number | undefined {
	if (!/^(\d+(\.\d+)?(h|ms|m|us|ns|s))+$/.test(text)) return undefined
	let sum = 0
	for (const [, number = "", unit = ""] of text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|us|ns|s)/g))
		sum += Number(number) * (units[unit] ?? 0)
	return sum
}
