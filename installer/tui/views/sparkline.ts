const bars = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

/** Shares from 0 to 1 as a line of bars. */
export function sparkline(shares: readonly number[]): string {
	return shares
		.map((share) => bars[Math.max(0, Math.min(bars.length - 1, Math.floor(share * bars.length)))] ?? " ")
		.join("")
}
