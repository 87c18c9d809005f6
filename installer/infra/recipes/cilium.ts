import {z} from "zod"
import {currentVersions} from "../../../profiles/conflicts/windows.ts"
import {charts} from "../charts/chart.ts"
import type {Values} from "../charts/render.ts"
import {isSupported} from "../compatibility.ts"
import type {Recipe} from "../recipe.ts"
import {chartDir, fromFolder, replicas, version} from "./fields.ts"

const args = z.strictObject({
	version: version(currentVersions.cilium),
	apiServerHost: z.string().min(1),
	apiServerPort: z.int().min(1).max(65535).default(6443),
	kubeProxyReplacement: z.boolean().default(true),
	ipam: z.enum(["cluster-pool", "kubernetes", "eni", "azure", "delegated-plugin"]).default("kubernetes"),
	encryption: z.enum(["none", "wireguard", "ipsec"]).default("wireguard"),
	gatewayAPI: z.boolean().default(true),
	hubble: z.boolean().default(true),
	replicas: replicas(2),
	chartDir,
})
type Args = z.infer<typeof args>

export const cilium: Recipe<Args> = {
	token: "heddle:index:Cilium",
	args,
	problems: (given) => [
		...isSupported("cilium", given.version),
		...(given.gatewayAPI && !given.kubeProxyReplacement
			? ["gatewayAPI: needs kubeProxyReplacement, without which Cilium serves no Gateway"]
			: []),
	],
	parts: (given) => [
		{
			from: "chart",
			chart: charts.cilium,
			version: given.version,
			release: "cilium",
			namespace: "kube-system",
			values: values(given),
			...fromFolder(given.chartDir),
		},
	],
}

const httpLabels =
	"httpV2:labelsContext=source_namespace,source_workload,destination_namespace,destination_workload"

/** So that another mesh can live on the same nodes: docs.cilium.io, network/servicemesh/istio. */
const besideOthers = {cni: {exclusive: false}, socketLB: {hostNamespaceOnly: true}, bpf: {masquerade: false}}

function values(given: Args): Values {
	return {
		...besideOthers,
		k8sServiceHost: given.apiServerHost,
		k8sServicePort: given.apiServerPort,
		kubeProxyReplacement: given.kubeProxyReplacement,
		ipam: {mode: given.ipam},
		l7Proxy: true,
		gatewayAPI: {enabled: given.gatewayAPI, gatewayClass: {create: "true"}},
		envoyConfig: {enabled: given.kubeProxyReplacement},
		encryption: given.encryption === "none" ? {enabled: false} : {enabled: true, type: given.encryption},
		operator: {replicas: given.replicas},
		hubble: {
			enabled: given.hubble,
			relay: {enabled: given.hubble},
			metrics: {enabled: given.hubble ? ["dns", "drop", "tcp", "flow", "policy", httpLabels] : []},
			// The chart's own way makes a new key whenever it is rendered; this one makes them in the cluster.
			tls: {auto: {enabled: true, method: "cronJob"}},
		},
	}
}
