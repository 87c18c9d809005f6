import type {Figure} from "../../profiles/dataplane.ts"

/** What proxies used on the node, beside what the planner says of them: one row of docs/traffic.md. */
export type CostResult = {
	name: string
	title: string
	/** That each of the proxies carried. */
	requestsPerSecond: number
	cpuMillis: {measured: number; predicted: Figure}
	/** The planner's `likely` is at 1,000 requests/s: its share for one request. In microseconds of CPU. */
	perRequest: {measured: number; predicted: number}
	memoryMiB: {measured: number; predicted: Figure}
}
