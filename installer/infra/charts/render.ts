import type {Manifest} from "../manifest.ts"
import type {Chart} from "./chart.ts"
import {helm} from "./helm.ts"
import {locate} from "./locate.ts"
import {tidy} from "./tidy.ts"

/** Values of a chart: ours, never free-form text of a user. */
export type Values = {readonly [key: string]: unknown}

export type ChartPart = {
	readonly from: "chart"
	readonly chart: Chart
	readonly version: string
	/** The name of the release, which charts write into labels. */
	readonly release: string
	readonly namespace: string
	readonly values: Values
	/** A folder of charts to take it from, and from nowhere else. */
	readonly folder?: string
}

/** Charts ask what the cluster can do. Their answers are to be the same everywhere, or git would never be at rest. */
const kubernetesVersion = "1.33.0"

/** The objects of a chart as it would be installed. @throws SourceError */
export async function renderChart(part: ChartPart): Promise<Manifest[]> {
	const {chart, version, release, namespace, values, folder} = part
	const path = await locate(chart, version, folder)
	const text = await helm(
		[
			"template",
			release,
			path,
			"--namespace",
			namespace,
			"--include-crds",
			"--skip-tests",
			"--kube-version",
			kubernetesVersion,
			"--values",
			"-",
		],
		JSON.stringify(values),
	)
	return tidy(text, namespace, `${chart.name} ${version}`)
}
