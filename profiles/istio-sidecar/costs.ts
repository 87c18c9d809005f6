import {pages} from "../apis/istio/pages.ts"
import type {CostItem} from "../dataplane.ts"
import {between, exactly} from "../figures.ts"

const requests = {cpuMillis: exactly(100), memoryMiB: exactly(128)}

/**
 * Requests: the charts' defaults, 100m and 128Mi. Use: `low` without traffic, `likely` at 1,000 requests/s of 1 KB
 * with two workers; 60 MB are 57 MiB. A sidecar that is asked for twice that costs about twice the CPU.
 */
export const costs: readonly CostItem[] = [
	{
		per: "pod",
		versions: ">=1.20.0",
		requests,
		usage: {cpuMillis: between(0, 200, 400), memoryMiB: between(38, 57, 72)},
		source: `${pages.performance} (1.24); high: AKS at 16 connections and 1,000 requests/s; low memory: LiveWyer poc-servicemesh2024, Istio 1.22`,
	},
	{
		per: "pod",
		versions: ">=1.12.0 <1.20.0",
		requests,
		usage: {cpuMillis: between(0, 350, 500), memoryMiB: between(38, 48, 72)},
		source: `${pages.performance} (1.12 to 1.15)`,
	},
	{
		per: "pod",
		versions: "<1.12.0",
		requests,
		usage: {cpuMillis: between(0, 500, 600), memoryMiB: between(38, 48, 72)},
		source: `${pages.performance} (1.3 and 1.7)`,
	},
]
