import {z} from "zod"
import {currentVersions} from "../../../profiles/conflicts/windows.ts"
import {charts} from "../charts/chart.ts"
import {isSupported} from "../compatibility.ts"
import {objects} from "../part.ts"
import type {Recipe} from "../recipe.ts"
import {chartDir, controlPlaneNamespace, fromFolder, namespace, version} from "./fields.ts"

const args = z.strictObject({
	version: version(currentVersions.dapr),
	namespace: namespace("dapr-system"),
	highAvailability: z.boolean().default(true),
	mtls: z.boolean().default(true),
	chartDir,
})

export const dapr: Recipe<z.infer<typeof args>> = {
	token: "heddle:index:Dapr",
	args,
	problems: ({version}) => isSupported("dapr", version),
	parts: ({version, namespace, highAvailability, mtls, chartDir}) => [
		// Its control plane runs its own mTLS and is not to be meshed.
		objects(
			controlPlaneNamespace(namespace, {
				"istio-injection": "disabled",
				"istio.io/dataplane-mode": "none",
			}),
		),
		{
			from: "chart",
			chart: charts.dapr,
			version,
			release: "dapr",
			namespace,
			values: {
				global: {tag: version, ha: {enabled: highAvailability}, logAsJson: true, mtls: {enabled: mtls}},
			},
			...fromFolder(chartDir),
		},
	],
}
