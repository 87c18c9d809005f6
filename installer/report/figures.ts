import type {Figure} from "../../profiles/dataplane.ts"

/** `1.2 (0.8–2) cores`; an interval of no width is one number. Millicores below one core. */
export function cpuText(figure: Figure): string {
	const cores = Math.max(...sizes(figure)) >= 1000
	return interval(
		figure,
		cores ? (value) => decimals(value / 1000) : (value) => decimals(value),
		cores ? " cores" : "m",
	)
}

/** `1.5 (1–2) GiB`, or MiB below one GiB. */
export function memoryText(figure: Figure): string {
	const gib = Math.max(...sizes(figure)) >= 1024
	return interval(
		figure,
		gib ? (value) => decimals(value / 1024) : (value) => decimals(value),
		gib ? " GiB" : " MiB",
	)
}

/** With its sign, for a change. */
export function signed(text: string, figure: Figure): string {
	return figure.likely > 0 ? `+${text}` : text
}

const sizes = ({low, likely, high}: Figure) => [Math.abs(low), Math.abs(likely), Math.abs(high)]

const decimals = (value: number) =>
	String(Number(value.toPrecision(value !== 0 && Math.abs(value) < 1000 ? 3 : 4))).replace("-", "−")

function interval({low, likely, high}: Figure, show: (value: number) => string, unit: string): string {
	if (low === 0 && high === 0) return "0"
	return low === high ? `${show(likely)}${unit}` : `${show(likely)} (${show(low)}–${show(high)})${unit}`
}
