import type {CostItem} from "../dataplane.ts"
import {between, exactly} from "../figures.ts"
import {pages} from "./pages.ts"

/**
 * The chart sets limits of 1 CPU and 800Mi and no requests, and Kubernetes then requests the limits. Nothing is
 * published on what the agent uses: the interval spans up to its limit. A waypoint is istiod's, with another image.
 */
export const costs: readonly CostItem[] = [
	{
		per: "node",
		versions: "*",
		requests: {cpuMillis: exactly(1000), memoryMiB: exactly(800)},
		usage: {cpuMillis: between(0, 60, 1000), memoryMiB: between(20, 100, 800)},
		source: `${pages.chart} (limits); use: no figures are published, the likely ones are a guess in the order of ztunnel's`,
	},
	{
		per: "waypoint",
		versions: "*",
		requests: {cpuMillis: exactly(100), memoryMiB: exactly(128)},
		usage: {cpuMillis: between(0, 250, 500), memoryMiB: between(38, 57, 72)},
		source: "istio.io performance page (1.24) for the same proxy; Kmesh publishes no figures of its own",
	},
]
