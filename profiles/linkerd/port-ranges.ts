/** Inclusive. */
export type Ranges = readonly (readonly [from: number, to: number])[]

/** Ports as Linkerd's annotations list them: `25,4000-4010`. What is no number covers nothing. */
export function portRanges(text: string): Ranges {
	return text.split(",").map((part) => {
		const [from = Number.NaN, to = from] = part.trim().split("-").map(Number)
		return [from, to] as const
	})
}
