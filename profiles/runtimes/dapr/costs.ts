import type {CostItem} from "../../dataplane.ts"
import {between, exactly} from "../../figures.ts"

/**
 * daprd requests nothing unless annotations say so. Use: `likely` is what Dapr published for 1.0 at 1,000 requests/s,
 * 0.48 vCPU and 23 MB; nothing newer is published, so `high` leaves room.
 */
export const costs: readonly CostItem[] = [
	{
		per: "pod",
		versions: "*",
		requests: {cpuMillis: exactly(0), memoryMiB: exactly(0)},
		usage: {cpuMillis: between(0, 480, 1_000), memoryMiB: between(15, 23, 100)},
		source: "https://docs.dapr.io/operations/performance-and-scalability/perf-service-invocation/ (Dapr 1.0)",
	},
]
