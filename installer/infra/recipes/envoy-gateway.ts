import {z} from "zod"
import {currentVersions} from "../../../profiles/conflicts/windows.ts"
import {charts} from "../charts/chart.ts"
import {isSupported} from "../compatibility.ts"
import {objects} from "../part.ts"
import type {Recipe} from "../recipe.ts"
import {chartDir, controlPlaneNamespace, fromFolder, namespace, replicas, version} from "./fields.ts"

const args = z.strictObject({
	version: version(currentVersions["envoy-gateway"]),
	namespace: namespace("envoy-gateway-system"),
	gatewayClass: z.string().min(1).default("envoy"),
	replicas: replicas(2),
	chartDir,
})

const controllerName = "gateway.envoyproxy.io/gatewayclass-controller"

export const envoyGateway: Recipe<z.infer<typeof args>> = {
	token: "heddle:index:EnvoyGateway",
	args,
	problems: ({version}) => isSupported("envoy-gateway", version),
	parts: ({version, namespace, gatewayClass, replicas, chartDir}) => [
		objects(controlPlaneNamespace(namespace)),
		{
			from: "chart",
			chart: charts.envoyGateway,
			version,
			release: "eg",
			namespace,
			values: {
				deployment: {replicas},
				podDisruptionBudget: {minAvailable: replicas > 1 ? 1 : 0},
				config: {envoyGateway: {gateway: {controllerName}}},
				// That policy is the component GatewayApi's, as its CRDs are.
				crds: {gatewayAPI: {safeUpgradePolicy: {enabled: false}}},
				// A Job that removes itself would be made anew by every look at the cluster.
				certgen: {job: {ttlSecondsAfterFinished: null}},
			},
			...fromFolder(chartDir),
		},
		objects({
			apiVersion: "gateway.networking.k8s.io/v1",
			kind: "GatewayClass",
			metadata: {name: gatewayClass},
			spec: {controllerName},
		}),
	],
}
