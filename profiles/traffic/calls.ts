import type {Asked} from "./traffic.ts"

/** Who calls the workloads of a namespace, as one dataplane counts it. */
export type CallView = {
	/** PromQL that answers with one sample for each caller and callee that spoke in the window. */
	calls(asked: Asked): string
	/** Labels of a sample, of which the first that is there and known counts. */
	readonly fromNamespace: readonly string[]
	readonly from: readonly string[]
	readonly to: readonly string[]
	/** The page that names the metrics and the labels. */
	readonly source: string
}

const istioLabels = {
	fromNamespace: ["source_workload_namespace"],
	from: ["source_workload"],
	to: ["destination_workload"],
	source: "https://istio.io/latest/docs/reference/config/metrics/",
}

/** Requests as sidecars count them, and connections as ztunnel and sidecars do. */
const istio = (metric: string): CallView => ({
	...istioLabels,
	calls: ({namespace, seconds}) =>
		`sum by (source_workload_namespace,source_workload,destination_workload) (increase(${metric}{destination_workload_namespace="${namespace}"}[${seconds}s])) > 0`,
})

const owners = ["deployment", "statefulset", "daemonset", "replicaset"]
const there = owners.map((kind) => `dst_${kind}`)

const linkerd: CallView = {
	calls: ({namespace, seconds}) =>
		`sum by (namespace,${owners.join(",")},${there.join(",")}) (increase(response_total{direction="outbound",dst_namespace="${namespace}"}[${seconds}s])) > 0`,
	fromNamespace: ["namespace"],
	from: owners,
	to: there,
	source: "https://linkerd.io/2/reference/proxy-metrics/",
}

/** Only where Hubble exports the labels of workloads (`labelsContext`); a SYN is sent by who calls. */
const hubble = (metric: string, of: string): CallView => ({
	calls: ({namespace, seconds}) =>
		`sum by (source_namespace,source_workload,destination_workload) (increase(${metric}{destination_namespace="${namespace}"${of}}[${seconds}s])) > 0`,
	fromNamespace: ["source_namespace"],
	from: ["source_workload"],
	to: ["destination_workload"],
	source: "cilium:Documentation/observability/metrics.rst",
})

/** Every dataplane's: what one of them does not count, such as plaintext from outside, another may. */
export const callViews: readonly CallView[] = [
	istio("istio_requests_total"),
	istio("istio_tcp_connections_opened_total"),
	linkerd,
	hubble("hubble_http_requests_total", ""),
	hubble("hubble_tcp_flags_total", ',flag="SYN"'),
]
