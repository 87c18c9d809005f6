import type {CostItem} from "../dataplane.ts"
import {between, exactly} from "../figures.ts"

/** Components that GKE manages. Nothing is published on what they request or use: the intervals are estimates. */
export const costs: readonly CostItem[] = [
	{
		per: "node",
		versions: "*",
		requests: {cpuMillis: exactly(0), memoryMiB: exactly(0)},
		usage: {cpuMillis: between(0, 60, 600), memoryMiB: between(10, 50, 300)},
		source: "an estimate: GKE publishes no figure of its ambient components",
	},
]
