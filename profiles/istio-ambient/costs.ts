import {pages} from "../apis/istio/pages.ts"
import type {CostItem} from "../dataplane.ts"
import {between, exactly} from "../figures.ts"

/**
 * Requests: the charts' defaults; a node runs ztunnel (200m, 512Mi) and istio-cni (100m, 100Mi). Use: `low` without
 * traffic, `likely` at 1,000 requests/s of 1 KB; nothing is published on the use of istio-cni, so `high` leaves room.
 */
export const costs: readonly CostItem[] = [
	{
		per: "node",
		versions: "*",
		requests: {cpuMillis: exactly(300), memoryMiB: exactly(612)},
		usage: {cpuMillis: between(0, 60, 600), memoryMiB: between(11, 23, 135)},
		source: `${pages.performance} (1.24: 0.06 vCPU, 12 MB); LiveWyer poc-servicemesh2024 test-report-istio.md (22.9 MiB; 0.6 cores under eightfold load)`,
	},
	{
		per: "waypoint",
		versions: "*",
		requests: {cpuMillis: exactly(100), memoryMiB: exactly(128)},
		usage: {cpuMillis: between(0, 250, 500), memoryMiB: between(38, 57, 72)},
		source: `${pages.performance} (1.24: 0.25 vCPU, 60 MB); the interval of memory is that of a sidecar, which runs the same proxy`,
	},
]
