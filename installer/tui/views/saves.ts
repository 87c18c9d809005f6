type Saves = {readonly cpuMillis: number; readonly memoryMiB: number}

/** `3.6 cpu 4.5 GiB` of requests that would be had back; a minus where it costs more; `–` for nothing. */
export function savesText({cpuMillis, memoryMiB}: Saves): string {
	const parts = [
		...(Math.round(cpuMillis) === 0 ? [] : [`${signed(cpuMillis / 1000, 2)} cpu`]),
		...(Math.round(memoryMiB) === 0 ? [] : [memoryText(memoryMiB)]),
	]
	return parts.length === 0 ? "–" : parts.join(" ")
}

const memoryText = (mib: number) =>
	Math.abs(mib) >= 1024 ? `${signed(mib / 1024, 1)} GiB` : `${signed(mib, 0)} MiB`

const signed = (value: number, digits: number) => String(Number(value.toFixed(digits))).replace("-", "−")
