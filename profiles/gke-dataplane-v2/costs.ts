import type {CostItem} from "../dataplane.ts"
import {between, exactly} from "../figures.ts"

/**
 * GKE runs anetd on every node, whatever a namespace is on, and reserves its own part of the node for it: nothing is
 * requested for it by a move. Nothing is published on its use; the interval is an estimate.
 */
export const costs: readonly CostItem[] = [
	{
		per: "node",
		versions: "*",
		requests: {cpuMillis: exactly(0), memoryMiB: exactly(0)},
		usage: {cpuMillis: between(10, 150, 1000), memoryMiB: between(150, 400, 1000)},
		source: "an estimate: GKE publishes no figure of anetd's use",
	},
]
