import type {CostItem} from "../dataplane.ts"
import {between, exactly} from "../figures.ts"

/** Requests: the defaults of Istio 1.10's injector, which do not ask which proxy it is. */
export const costs: readonly CostItem[] = [
	{
		per: "pod",
		versions: "*",
		requests: {cpuMillis: exactly(100), memoryMiB: exactly(128)},
		usage: {cpuMillis: between(0, 500, 1000), memoryMiB: between(30, 60, 150)},
		source:
			"istio 1.10:manifests/charts/istio-control (requests); use: no current figures are published for MOSN, the likely ones are those of Envoy at Istio 1.7",
	},
]
