const bars = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

/** Shares from 0 to 1 as a line of bars. */
export function sparkline(shares: readonly number[]): string {
	return shares
		.map((share) => bars[Math.max(0, Math.min(bars.length - 1, Math.floor(share * bars.length)))] ?? " ")
		.join("")
}

/** Values against a scale of their own; more than the whole of it is shown as the whole. */
export const scaled = (values: readonly number[], whole: number): string =>
	sparkline(values.map((value) => (whole <= 0 ? 0 : Math.min(1, value / whole))))
