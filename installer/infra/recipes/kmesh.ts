import {z} from "zod"
import {currentVersions} from "../../../profiles/conflicts/windows.ts"
import {charts} from "../charts/chart.ts"
import {isSupported} from "../compatibility.ts"
import {objects} from "../part.ts"
import type {Recipe} from "../recipe.ts"
import {chartDir, controlPlaneNamespace, fromFolder, namespace, version} from "./fields.ts"

const args = z.strictObject({
	version: version(currentVersions.kmesh),
	mode: z.enum(["dual-engine", "kernel-native"]).default("dual-engine"),
	namespace: namespace("kmesh-system"),
	istioNamespace: namespace("istio-system"),
	chartDir,
})

/** Needs an istiod of the ambient profile, which gives it its configuration. */
export const kmesh: Recipe<z.infer<typeof args>> = {
	token: "heddle:index:Kmesh",
	args,
	problems: ({version}) => isSupported("kmesh", version),
	parts: ({version, mode, namespace, istioNamespace, chartDir}) => [
		objects(controlPlaneNamespace(namespace)),
		{
			from: "chart",
			chart: charts.kmesh,
			version,
			release: "kmesh",
			namespace,
			values: {
				deploy: {
					kmesh: {
						env: {xdsAddress: `istiod.${istioNamespace}.svc:15012`},
						image: {repository: "ghcr.io/kmesh-net/kmesh", tag: `v${version}`},
						containers: {kmeshDaemonArgs: `--mode=${mode} --enable-bypass=false`},
					},
				},
			},
			...fromFolder(chartDir),
		},
	],
}
