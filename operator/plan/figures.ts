import type {Figure, Resources} from "../../profiles/dataplane.ts"

/** Arithmetic on intervals: a sum is as uncertain as its parts, a difference as both of its sides. */
export const zero: Resources = {
	cpuMillis: {low: 0, likely: 0, high: 0},
	memoryMiB: {low: 0, likely: 0, high: 0},
}

const rounded = (value: number): number => Math.round(value * 100) / 100

function figure(from: (edge: keyof Figure) => number): Figure {
	return {low: rounded(from("low")), likely: rounded(from("likely")), high: rounded(from("high"))}
}

const each = (from: (resource: keyof Resources) => Figure): Resources => ({
	cpuMillis: from("cpuMillis"),
	memoryMiB: from("memoryMiB"),
})

export const plus = (a: Resources, b: Resources): Resources =>
	each((resource) => figure((edge) => a[resource][edge] + b[resource][edge]))

export const times = (a: Resources, count: number): Resources =>
	each((resource) => figure((edge) => a[resource][edge] * count))

const opposite = {low: "high", likely: "likely", high: "low"} as const

export const minus = (a: Resources, b: Resources): Resources =>
	each((resource) => figure((edge) => a[resource][edge] - b[resource][opposite[edge]]))
