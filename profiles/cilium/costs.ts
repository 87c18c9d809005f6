import type {CostItem} from "../dataplane.ts"
import {between, exactly} from "../figures.ts"

/**
 * The agent runs on each node as its network, mesh or not. Its chart requests nothing. No authoritative figure of its
 * use is published, and Envoy's use follows the traffic that L7 rules send through it: the interval is an estimate
 * that leaves room, from an idle agent with few endpoints to a busy Envoy.
 */
export const costs: readonly CostItem[] = [
	{
		per: "node",
		versions: "*",
		requests: {cpuMillis: exactly(0), memoryMiB: exactly(0)},
		usage: {cpuMillis: between(10, 150, 2000), memoryMiB: between(150, 400, 1500)},
		source:
			"cilium:install/kubernetes/cilium/values.yaml (resources: {}); use: an estimate, no figure is published by the project",
	},
]
