import {istioVersion} from "../../sandbox/bin/catalogue.ts"
import type {Chart} from "./chart.ts"
import {charts} from "./chart.ts"
import type {GoModule} from "./go-module.ts"

/** A module of Go whose source holds charts of one release. */
export type ChartModule = {
	readonly module: GoModule
	/** The release that the charts in it are of. */
	readonly version: string
	/** Where its source keeps each chart. */
	readonly folders: ReadonlyMap<Chart, string>
	/**
	 * Values that a release fills into a template of `values.yaml`, as its publisher's release build does; a chart
	 * without a template needs none.
	 */
	readonly templateValues?: Readonly<Record<string, string>>
}

const chartModules: readonly ChartModule[] = [
	{
		// The commit of the 1.31 line that the sandbox builds istiod from.
		module: {
			path: "istio.io/istio",
			version: "v0.0.0-20260827124520-eed52ebb66ad",
			sum: "h1:ui9TJjRMAV/hb5ehQaZDq7IUGxuQP6dra9lapT/VjHI=",
		},
		version: istioVersion,
		folders: new Map<Chart, string>([
			[charts.istioBase, "manifests/charts/base"],
			[charts.istiod, "manifests/charts/istio-control/istio-discovery"],
			[charts.istioCni, "manifests/charts/istio-cni"],
			[charts.ztunnel, "manifests/charts/ztunnel"],
		]),
	},
	{
		module: {
			path: "github.com/cilium/cilium",
			version: "v1.20.2",
			sum: "h1:dqiEGIcXc+gqCLYG/l7VCFJ8GHyb4HUrwbZOpkX5dL8=",
		},
		version: "1.20.2",
		folders: new Map<Chart, string>([[charts.cilium, "install/kubernetes/cilium"]]),
	},
	{
		module: {
			path: "github.com/envoyproxy/gateway",
			version: "v1.9.0",
			sum: "h1:PaOpud15v3kDCl3L5yc1TdYzggCMpRm1yRjNKmLkzHA=",
		},
		version: "1.9.0",
		folders: new Map<Chart, string>([[charts.envoyGateway, "charts/gateway-helm"]]),
		templateValues: {
			GatewayImage: "docker.io/envoyproxy/gateway:v1.9.0",
			GatewayImagePullPolicy: "IfNotPresent",
		},
	},
	{
		module: {
			path: "github.com/dapr/dapr",
			version: "v1.18.3",
			sum: "h1:iVTqJHRfJlUfiSyhJH4c1mJZ+4PH3cf/QwJcAJL2ROo=",
		},
		version: "1.18.3",
		folders: new Map<Chart, string>([[charts.dapr, "charts/dapr"]]),
	},
]

/** The module whose charts stand for the release that is asked for. */
export function moduleWith(chart: Chart, version: string): ChartModule | undefined {
	return chartModules.find((one) => one.version === version && one.folders.has(chart))
}
