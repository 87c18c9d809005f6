import {pages} from "../apis/linkerd/pages.ts"
import type {CostItem} from "../dataplane.ts"
import {between} from "../figures.ts"

/**
 * Requests: the chart asks for nothing by default, and for 100m and 20Mi in its values for high availability, which are
 * taken as likely; what a cluster was installed with is not visible. Use: the project states no figure for a current
 * release. `likely` is its own benchmark of 2.11 at 2,000 requests/s (36 ms of CPU per second and 26.3 MB at most, a
 * vendor's measurement); `high` is the limit of memory in the values for high availability, and an allowance for CPU.
 */
export const costs: readonly CostItem[] = [
	{
		per: "pod",
		versions: "*",
		requests: {cpuMillis: between(0, 100, 100), memoryMiB: between(0, 20, 20)},
		usage: {cpuMillis: between(0, 36, 400), memoryMiB: between(5, 26, 250)},
		source: `${pages.valuesHA} (requests and limit); ${pages.benchmark} (2.11, 2021); no figure for a current release: intervals are wide`,
	},
]
