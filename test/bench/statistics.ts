/** Measurements of the same thing; benches report medians of pairs, for the machine is never quiet. */
export type Spread = {
	readonly n: number
	readonly median: number
	readonly least: number
	readonly most: number
}

export function spreadOf(values: readonly number[]): Spread {
	const sorted = [...values].sort((a, b) => a - b)
	const at = (index: number) => sorted[Math.min(sorted.length - 1, Math.max(0, index))] ?? Number.NaN
	const middle = (sorted.length - 1) / 2
	return {
		n: sorted.length,
		median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
		least: at(0),
		most: at(sorted.length - 1),
	}
}
